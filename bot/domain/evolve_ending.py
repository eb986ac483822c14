"""Decisions and endings folded into a referral: from the strategy note to the last caller."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Protocol, TypeVar, assert_never

from bot.domain import events as ev, pairs
from bot.domain.referral import (
    Asked,
    Cleared,
    DoneAction,
    Elsewhere,
    Emailing,
    Ending,
    Feedback,
    Handover,
    Held,
    NoFeedback,
    Other,
    Pick,
    Referral,
    Strategy,
    StrategyMeeting,
    Tried,
)
from bot.domain.vocabulary import State

At = dt.datetime
Decision = (
    ev.StrategyConsidered
    | ev.StrategyHeld
    | ev.PlanSaved
    | ev.OutcomeProposed
    | ev.OutcomeUndone
    | ev.OutcomeEndorsed
    | ev.OutcomeCorrected
)
End = (
    ev.OutcomeRecordedElsewhere
    | ev.ActionDone
    | ev.FeedbackAsked
    | ev.FeedbackHeld
    | ev.FeedbackChecked
    | ev.FeedbackPassed
    | ev.FeedbackSent
    | ev.FeedbackTried
    | ev.FeedbackEmailStarted
    | ev.FeedbackEmailFailed
    | ev.FeedbackNotPossible
    | ev.CaseNoteExported
    | ev.SurveyAsked
    | ev.ReferralClosed
    | ev.ReferralHandedOver
    | ev.ReferralReopened
    | ev.ReferralWithdrawn
    | ev.ReferralMatched
    | ev.ReferralLinked
    | ev.ReferralLinkedFrom
    | ev.ReferralMerged
    | ev.ReferralUnmerged
    | ev.ReferralAbsorbed
)


def decided(referral: Referral, event: Decision | End, at: At, by: str) -> Referral:
    match event:
        case ev.StrategyConsidered(needed, reason):
            return replace(referral, strategy=Strategy(needed, reason, by, at))
        case ev.StrategyHeld(attended, also, recorded_on):
            meeting = StrategyMeeting(attended, also, recorded_on, by, at)
            return replace(referral, strategy_meeting=meeting)
        case ev.PlanSaved():
            referral = replace(referral, kept=None)
            return replace(referral, plan=event, plan_by=by, plan_at=at, plan_again=False)
        case ev.OutcomeProposed(code, rationale, per_child, not_heard):
            return _picked(referral, Pick(code, rationale, per_child, not_heard, by, at))
        case ev.OutcomeUndone(reason):
            undone = _past(referral, "undone", Ending(by, at, reason))
            return replace(undone, state=State.IN_DISCUSSION, pick=None)
        case ev.OutcomeEndorsed(rule, note):
            assert referral.pick is not None
            pick = replace(referral.pick, agreed_by=by, agreed_at=at, agreed_note=note, rule=rule)
            return replace(referral, state=State.OUTCOME_AGREED, pick=pick)
        case ev.OutcomeCorrected(code, rationale, reason, per_child):
            past = _past(referral, "corrected", Ending(by, at, reason))
            past = _owed_again(past, at)
            return _picked(past, Pick(code, rationale, per_child, (), by, at, reason))
        case _:
            return _ended(referral, event, at, by)


def _picked(referral: Referral, pick: Pick) -> Referral:
    nudges = pairs.without(referral.nudges, "agree")
    return replace(referral, state=State.OUTCOME_PROPOSED, pick=pick, nudges=nudges)


def _past(referral: Referral, how: str, ending: Ending) -> Referral:
    """The pick that stood goes among the earlier ones, with how it ended."""
    if referral.pick is None:
        return referral
    ended = replace(
        referral.pick,
        ended=how,
        ended_by=ending.by,
        ended_at=ending.at,
        ended_reason=ending.reason,
    )
    return replace(referral, past_picks=(*referral.past_picks, ended))


def _owed_again(referral: Referral, at: At) -> Referral:
    """The caller who was told hears again, and every child's note is confirmed again."""
    return replace(
        referral,
        nudges=pairs.without(referral.nudges, "decision_due", "feedback_due"),
        feedback_counts_from=len(referral.feedback),
        asked_masho=(),
        held=(),
        notes_confirmed=frozenset(),
        plan_again=True,
        closed_at=None,
        restarted_at=at,
    )


def reopened(referral: Referral, ending: Ending) -> Referral:
    """Back in discussion: the outcome, the callers' feedback and the notes are owed again."""
    past = _owed_again(_past(referral, "reopened", ending), ending.at)
    return replace(
        past,
        state=State.IN_DISCUSSION,
        pick=None,
        offer=None,
        handover=None,
        elsewhere=None,
        nudges=frozenset(),
        no_feedback=(),
        reopened=ending,
    )


# How it ends -------------------------------------------------------------------------


def _ended(referral: Referral, event: End, at: At, by: str) -> Referral:  # noqa: C901
    match event:
        case ev.OutcomeRecordedElsewhere(code):
            return replace(referral, elsewhere=Elsewhere(code, by, at))
        case ev.ActionDone(index):
            return _action_done(referral, index, at, by)
        case ev.FeedbackAsked():
            asked = Asked(event.text, event.masho, event.for_ref, at)
            others = _others(referral.asked_masho, event.for_ref)
            return replace(referral, asked_masho=(*others, asked))
        case ev.FeedbackHeld(text, for_ref, needs):
            held = (*_others(referral.held, for_ref), Held(text, for_ref, needs, by, at))
            return replace(referral, held=held)
        case ev.FeedbackChecked(text, for_ref, needs):
            cleared = Cleared(text, for_ref, by, at)
            checked = replace(referral, checks=(*referral.checks, cleared))
            return _settled(checked, text, for_ref, needs)
        case ev.FeedbackPassed(text, reason, for_ref, warned, needs):
            cleared = Cleared(text, for_ref, by, at, reason, warned)
            passed = replace(referral, passes=(*referral.passes, cleared))
            return _settled(passed, text, for_ref, needs)
        case ev.FeedbackSent(group, level, method, text, for_ref, late_reason):
            sent = Feedback(group, level, method, text, by, at, for_ref, late_reason)
            return _done_with(replace(referral, feedback=(*referral.feedback, sent)), for_ref)
        case ev.FeedbackTried(again_at, for_ref, text):
            tried = Tried(again_at, by, at, for_ref, text)
            return replace(referral, tried=(*referral.tried, tried))
        case ev.FeedbackEmailStarted(text, for_ref):
            started = Emailing(text, by, at, for_ref)
            return replace(referral, emailing=(*_others(referral.emailing, for_ref), started))
        case ev.FeedbackEmailFailed(code, for_ref):
            ended = (replace(e, code=code) for e in referral.emailing if e.for_ref == for_ref)
            return replace(referral, emailing=(*_others(referral.emailing, for_ref), *ended))
        case ev.FeedbackNotPossible(reason, for_ref):
            none = NoFeedback(reason, by, at, for_ref)
            return _done_with(replace(referral, no_feedback=(*referral.no_feedback, none)), for_ref)
        case ev.SurveyAsked(for_ref):
            return replace(referral, surveyed=referral.surveyed | {for_ref})
        case ev.CaseNoteExported(children):
            confirmed = referral.notes_confirmed | set(children)
            return replace(referral, notes_confirmed=confirmed, notes_by=by)
        case ev.ReferralClosed():
            return replace(referral, state=State.CLOSED, closed_at=at, offer=None)
        case ev.ReferralHandedOver(to, accepted_by, reason):
            handover = Handover(to, accepted_by, reason, by, at)
            return replace(referral, state=State.HANDED_OVER, handover=handover)
        case ev.ReferralReopened(reason):
            return reopened(referral, Ending(by, at, reason))
        case ev.ReferralWithdrawn(reason):
            return replace(referral, state=State.WITHDRAWN, withdrawn=Ending(by, at, reason))
        case ev.ReferralMatched(reference, case_id):
            match_ = Other(reference, case_id, by, at)
            return replace(referral, matches=(*referral.matches, match_))
        case ev.ReferralLinked(to, to_case):
            link = Other(to, to_case, by, at)
            return replace(referral, links=(*referral.links, link))
        case ev.ReferralLinkedFrom(reference, case_id):
            link = Other(reference, case_id, by, at)
            return replace(referral, linked_from=(*referral.linked_from, link))
        case ev.ReferralMerged(into, into_case):
            merged = Other(into, into_case, by, at)
            return replace(referral, state=State.MERGED, merged_into=merged)
        case ev.ReferralUnmerged():
            return replace(referral, state=pairs.woken(referral), merged_into=None)
        case ev.ReferralAbsorbed():
            return pairs.take_in(referral, event, at)
        case _:
            assert_never(event)


class _OfACaller(Protocol):
    @property
    def for_ref(self) -> str: ...


_Of = TypeVar("_Of", bound=_OfACaller)


def _others(found: tuple[_Of, ...], for_ref: str) -> tuple[_Of, ...]:
    return tuple(x for x in found if x.for_ref != for_ref)


def _done_with(referral: Referral, for_ref: str) -> Referral:
    """Nothing about telling this caller waits any more; the other callers' texts do."""
    return replace(
        referral,
        asked_masho=_others(referral.asked_masho, for_ref),
        held=_others(referral.held, for_ref),
        emailing=_others(referral.emailing, for_ref),
    )


def _settled(referral: Referral, text: str, for_ref: str, needs: tuple[str, ...]) -> Referral:
    """What was looked at last is the text that waits on; with nothing left it waits no more."""
    held = referral.held_for(for_ref)
    if held is None:
        return referral
    left = (replace(held, text=text, needs=needs),) if needs else ()
    return replace(referral, held=(*_others(referral.held, for_ref), *left))


def _action_done(referral: Referral, index: int, at: At, by: str) -> Referral:
    actions = referral.plan.actions if referral.plan else ()
    if not 0 <= index < len(actions):
        return referral
    done = DoneAction(actions[index], by, at)
    return replace(referral, done_actions=(*referral.done_actions, done))
