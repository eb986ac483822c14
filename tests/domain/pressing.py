"""Every command with any content, and one referral that must stay right whoever presses what."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from bot.domain import commands as cmd, events as ev
from bot.domain.counting import Material
from bot.domain.decide import decide
from bot.domain.decision import Decided, Refused, Scene
from bot.domain.evolve import evolve, fold
from bot.domain.figures import figures_of
from bot.domain.intake import Child
from bot.domain.measures import report_of
from bot.domain.next_step import next_step
from bot.domain.partnership import Partnership, Today
from bot.domain.periods import week_of
from bot.domain.referral import Referral
from bot.domain.timers import due_list
from bot.domain.transitions import actor_allowed, state_allows
from bot.domain.vocabulary import DUTY_TEAM, KNOWN, TO_FOLLOW, Role, State

from .story import (
    EVERYBODY,
    MONDAY,
    POLICE_CALL,
    SECOND_REFERENCE,
    SHARED,
    action,
    at,
    intake,
    person,
    second,
    taking_in,
)

OUTCOMES = st.sampled_from(["immediate", "social_care", "ehu", "advice_at_contact"])
WORDS = st.sampled_from(["Mum agrees.", "Nan is in.", "", "  "])
SELDOM = st.sampled_from(["", "", "", "", "", "Sam"])
PEOPLE = st.sampled_from(EVERYBODY)
AGENCIES = st.sampled_from(["police", "health", "early_help", "social_care", "housing"])
IDS = st.sampled_from(["9900101", "9900102", "9900103", "Sam"])
PER_CHILD = st.lists(st.tuples(IDS, OUTCOMES), max_size=1).map(tuple)
NOTES = st.none() | st.builds(cmd.ConsiderStrategy, st.booleans(), WORDS)
ROWS = st.sampled_from([action(), action("Monitor"), action(need="home", owner="")])
MESSAGES = st.sampled_from(["m-1", "m-2"])
CALLERS = st.sampled_from(["", "", SECOND_REFERENCE])
CHILDREN = st.sampled_from(
    [
        (Child("9900101", "5_to_9"),),
        (Child(TO_FOLLOW, "5_to_9"),),
        (Child("9900101", "5_to_9"), Child(TO_FOLLOW, "1_to_4")),
    ]
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "children": CHILDREN,
        "told_family": st.sampled_from(["yes_agree", "no_unsafe", ""]),
        "told_family_reason": WORDS,
        "needs": st.sampled_from([(), ("daily_care",)]),
        "contact_method": st.sampled_from(["phone", ""]),
        "wants": WORDS,
    },
)
FORMS = st.builds(
    intake,
    children=CHILDREN,
    needs=st.sampled_from([("daily_care",), ("home", "health")]),
    safe_now=st.sampled_from(["yes", "no", "not_sure"]),
    told_family=st.sampled_from(["yes_agree", ""]),
    contact_method=st.sampled_from(["phone", ""]),
    referrer_group=st.sampled_from(["school", "school", "parent_carer"]),
)
PLANS = st.builds(cmd.SavePlan, st.lists(ROWS, max_size=2).map(tuple), WORDS, WORDS)
OTHERS = st.builds(
    cmd.OtherReferral,
    st.just("case-2"),
    st.just(SECOND_REFERENCE),
    st.sampled_from([State.BRIEFED, State.IN_DISCUSSION, State.CLOSED]),
    st.sampled_from([POLICE_CALL, intake(children=(Child("9900199", "unborn"),))]),
)
HUDDLES = st.builds(
    cmd.RecordHuddle,
    st.lists(st.builds(cmd.HuddleRow, AGENCIES, st.sampled_from(KNOWN), WORDS), max_size=2).map(
        tuple
    ),
    st.just(SHARED),
    st.sampled_from(["", "eh-1", "pol-1", "sw-1"]),
    WORDS,
    ANSWERS,
    st.none() | PLANS,
    st.sampled_from(["", "ehu", "social_care"]),
    WORDS,
    PER_CHILD,
    NOTES,
)

ON_ITS_WAY = (
    st.builds(cmd.SubmitIntake, FORMS, immediate=st.booleans()),
    st.builds(cmd.AmendIntake, ANSWERS, WORDS, CALLERS),
    st.just(cmd.RecordBriefing("19:c", "m", "https://s.example")),
    st.builds(cmd.ClaimLead),
    st.builds(cmd.AssignLead, PEOPLE, WORDS),
    st.builds(cmd.DefaultLead),
    st.builds(cmd.OfferLead, PEOPLE, WORDS),
    st.builds(cmd.AcceptLead),
    st.builds(cmd.AskIdentity),
    st.builds(cmd.TellIdentity, PEOPLE),
    st.builds(cmd.SendNudge, st.sampled_from(["claim", "agree"]), st.integers(1, 2)),
)
SAID = (
    st.builds(
        cmd.AddContribution,
        AGENCIES,
        st.sampled_from(KNOWN),
        WORDS,
        source=st.sampled_from(["thread", "room"]),
        told=st.sampled_from(["", "room"]),
        sharing=st.sampled_from([None, SHARED]),
        corrects=st.booleans(),
    ),
    st.builds(cmd.ConfirmContribution, AGENCIES),
    st.builds(cmd.AddMessage, WORDS, st.just("") | MESSAGES),
    st.builds(
        cmd.FileMessage,
        st.sampled_from(["fact", "view", "decision", "rumour"]),
        WORDS,
        PEOPLE,
        SELDOM,
        MESSAGES,
        st.just(at("09:20")),
    ),
    st.builds(cmd.ReviseMessage, MESSAGES, WORDS),
    st.builds(cmd.RemoveMessage, MESSAGES),
    st.builds(cmd.RecordPoliceContact, PEOPLE, SELDOM, st.just(at("09:05"))),
    st.builds(cmd.RecordDisagreement, WORDS),
    st.builds(cmd.ViewHistory),
    st.builds(cmd.PlaceHold, WORDS),
    st.builds(cmd.LiftHold, WORDS),
    st.just(cmd.EraseWords("ERASE-1")),
    HUDDLES,
)
SAFETY = (
    st.builds(cmd.FlagImmediate, WORDS),
    st.builds(cmd.StandDownImmediate, WORDS),
    st.builds(cmd.NotifyAssessment),
    st.builds(cmd.AcknowledgeAssessment, WORDS),
    st.builds(cmd.ConsiderStrategy, st.booleans(), WORDS),
    st.just(cmd.RecordStrategyHeld(("social_care", "police", "health"), "", "Mosaic")),
)
ENDED_WITH = (
    PLANS,
    st.builds(cmd.ProposeOutcome, OUTCOMES, WORDS, PER_CHILD, NOTES),
    st.builds(cmd.UndoOutcome, WORDS),
    st.builds(cmd.EndorseOutcome, WORDS, NOTES),
    st.builds(cmd.CorrectOutcome, WORDS, st.just("") | OUTCOMES, WORDS, st.none(), NOTES),
    st.builds(cmd.RecordElsewhere, OUTCOMES),
    st.builds(cmd.MarkActionDone, st.integers(-1, 2)),
    st.builds(cmd.AskMashoToRing, WORDS, CALLERS),
    st.builds(cmd.SendFeedback, st.just("phone"), WORDS, CALLERS),
    st.builds(cmd.HoldFeedback, WORDS, CALLERS),
    st.builds(cmd.CheckFeedback, WORDS, CALLERS),
    st.builds(cmd.PassFeedback, WORDS, WORDS, CALLERS),
    st.builds(cmd.FeedbackCannotBeGiven, WORDS, CALLERS),
    st.builds(cmd.ConfirmNotes, st.lists(IDS, max_size=1).map(tuple)),
    st.builds(cmd.OpenNotes, st.sampled_from(["text", "json"])),
    st.builds(cmd.HandOverReferral, st.just("edt"), SELDOM, st.just("Closing time")),
    st.builds(cmd.ReopenReferral, WORDS),
    st.builds(cmd.WithdrawReferral, SELDOM),
)
OF_TWO = (
    st.builds(cmd.MergeReferral, OTHERS),
    st.builds(cmd.LinkReferral, OTHERS),
    st.builds(cmd.MatchReferral, OTHERS),
    st.just(taking_in(second())),
)
OF_ONE = st.one_of(*ON_ITS_WAY, *SAID, *SAFETY, *ENDED_WITH)
COMMANDS = OF_ONE | st.one_of(*OF_TWO)

ORDINARY: tuple[tuple[str, cmd.Command], ...] = (
    ("masho-1", cmd.SubmitIntake(intake())),
    ("bot", cmd.RecordBriefing("19:c", "m", "https://s.example")),
    ("eh-1", cmd.ClaimLead()),
    ("eh-1", cmd.SavePlan((action(),), "Ring us", "Mum agrees")),
    ("eh-1", cmd.ProposeOutcome("ehu", "He needs warm mornings")),
    ("sw-1", cmd.EndorseOutcome()),
    ("eh-1", cmd.SendFeedback("phone", "Thank you")),
    ("eh-1", cmd.ConfirmNotes()),
)
"""The ordinary way through, so that wandering also reaches the last states."""


class Pressed:
    """One referral and its log, which is the only memory."""

    def __init__(self, case_id: str, partnership: Partnership) -> None:
        self.case_id = case_id
        self.partnership = partnership
        self.today = Today()
        self.log: list[ev.Recorded] = []
        self.referral = Referral(case_id)

    def decided(self, command: cmd.Command, who: str, now: dt.datetime) -> Decided:
        scene = Scene(self.partnership, self.today, now, person(who))
        return decide(self.referral, command, scene)

    def press_by_one_who_may(self, command: cmd.Command, now: dt.datetime) -> None:
        """The first person it would work for, so that wandering also gets somewhere."""
        able = (w for w in EVERYBODY if not isinstance(self.decided(command, w, now), Refused))
        if who := next(able, None):
            self.press(command, who, now)

    def press(self, command: cmd.Command, who: str, now: dt.datetime) -> Decided:
        decided = self.decided(command, who, now)

        assert self.decided(command, who, now) == decided, "deciding twice gives the same answer"
        is_flag = isinstance(command, cmd.FlagImmediate)
        if is_flag and self.referral.state not in (State.DRAFT, State.WITHDRAWN):
            refused = isinstance(decided, Refused)
            assert refused is (person(who).role not in DUTY_TEAM), "never refused to the team"
        if isinstance(decided, Refused):
            assert decided.code
            return decided
        for recorded in decided:
            self.follow(recorded)
        if is_flag:
            assert self.referral.is_immediate
            assert self.referral.live or self.referral.state is State.MERGED
        return decided

    def follow(self, recorded: ev.Recorded) -> None:
        """What each single event must respect, given the referral just before it."""
        before, event = self.referral, recorded.event
        by_setting = isinstance(event, ev.OutcomeEndorsed) and event.rule == "none"
        allowed = by_setting or actor_allowed(event.TYPE, before, person(recorded.by))
        assert allowed, f"{recorded.by} may not {event.TYPE}"
        assert state_allows(event.TYPE, before.state), f"{event.TYPE} when {before.state}"
        match event:
            case ev.OutcomeEndorsed(rule):
                self.endorsed(before, rule, recorded.by)
            case ev.ReferralClosed():
                assert before.feedback_done
                assert before.notes_done
                assert not before.asked.ids_to_follow
        self.log.append(recorded)
        self.referral = evolve(before, recorded)
        if self.referral.lead != before.lead:
            self.led_anew(before, recorded)

    def led_anew(self, before: Referral, recorded: ev.Recorded) -> None:
        """The lead changes hands in four ways and no others."""
        match recorded.event:
            case ev.LeadClaimed():
                assert not before.lead, "two leads at once"
                assert self.referral.lead == recorded.by
            case ev.LeadDefaulted():
                assert not before.lead, "two leads at once"
                assert recorded.by == "bot"
            case ev.LeadAssigned():
                assert person(recorded.by).role is Role.DUTY_MANAGER
            case ev.LeadHandedOver(to):
                assert before.offer is not None
                assert before.offer.to == to == recorded.by, "not accepted"
            case _:
                raise AssertionError(f"{recorded.event.TYPE} changed the lead")

    def endorsed(self, before: Referral, rule: str, by: str) -> None:
        assert before.pick is not None
        assert rule == self.partnership.outcome_agreement
        if rule == "second_person":
            assert before.pick.by != by, "the picker agreed their own"
        codes = {before.pick.code, *(code for _, code in before.pick.per_child)}
        if any(self.partnership.outcome[c].needs_strategy_note for c in codes):
            assert before.strategy is not None, "agreed without the strategy note"

    def stays_right(self, now: dt.datetime) -> None:
        assert fold(Referral(self.case_id), self.log) == self.referral, "the log is the memory"
        if self.referral.state is State.DRAFT:
            assert not self.log
            return
        self.is_whole()
        self.keeps_every_word()
        self.can_be_shown_and_counted(now)

    def is_whole(self) -> None:
        referral = self.referral
        assert referral.intake is not None
        assert referral.taken_by
        match referral.state:
            case State.CLOSED:
                assert not referral.owed, "closed with an answer owed"
                assert referral.notes_done
                assert referral.closed_at is not None
            case State.OUTCOME_PROPOSED:
                assert referral.pick is not None
            case State.OUTCOME_AGREED:
                assert referral.agreed
            case State.MERGED:
                assert referral.merged_into is not None
            case State.WITHDRAWN:
                assert referral.withdrawn is not None
        talked = (State.IN_DISCUSSION, State.OUTCOME_PROPOSED, State.OUTCOME_AGREED)
        if referral.state in talked:
            assert referral.lead
        if referral.state in (State.OUTCOME_AGREED, State.HANDED_OVER):
            finished = referral.feedback_done and referral.notes_done
            assert not finished, "nothing is left to press: it would stay open for ever"

    def keeps_every_word(self) -> None:
        """What was accepted is still to be found, however it was corrected, undone or taken off."""
        referral, log = self.referral, [r.event for r in self.log]
        disagreed = [e.text for e in log if isinstance(e, ev.DisagreementRecorded)]
        assert disagreed == [d.text for d in referral.disagreements]
        told = [e.text for e in log if isinstance(e, ev.FeedbackSent)]
        assert told == [f.text for f in referral.feedback]
        lines = [c.said for c in referral.contributions]
        assert all(e in lines for e in log if isinstance(e, ev.ContributionAdded))
        picks = (*referral.past_picks, *([referral.pick] if referral.pick else []))
        suggested = [e for e in log if isinstance(e, ev.OutcomeProposed | ev.OutcomeCorrected)]
        if not any(isinstance(e, ev.ReferralAbsorbed) for e in log):
            assert [p.rationale for p in picks] == [e.rationale for e in suggested]
        written = {w for m in referral.messages for w in (m.text, *m.earlier)}
        assert {e.text for e in log if isinstance(e, ev.MessageAdded)} <= written
        done = [d.action for d in referral.done_actions]
        assert len(done) == sum(isinstance(e, ev.ActionDone) for e in log)
        reasons = [c.reason for c in referral.leads]
        assert all(e.reason in reasons for e in log if isinstance(e, ev.LeadAssigned))

    def can_be_shown_and_counted(self, now: dt.datetime) -> None:
        referral, p = self.referral, self.partnership
        nudged = {(d.kind, d.level) for d in due_list(referral, p, self.today)}
        assert not nudged & referral.nudges, "a nudge fires twice"
        assert next_step(referral, p, self.today).code
        row = figures_of(referral, p)
        assert row.open is referral.live
        found = report_of(Material(week_of(MONDAY), now, (row,)), p)
        counted = int(referral.state not in (State.MERGED, State.WITHDRAWN))
        assert found["referrals"].n == counted
        assert found["decided"].n <= counted
        for key, result in found.results.items():
            assert 0 <= result.n <= max(result.of or result.n, 0), key
