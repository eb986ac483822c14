"""The measures, in one table: what each counts, from when to when, and how it is worked out.

Cards, exports, the text of "What does this count?" and the documentation all read this table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import coming_back, working_out
from bot.domain.counting import (
    Facts,
    Material,
    Result,
    count,
    facts_of,
    parts,
    share,
    spread,
)
from bot.domain.figures import Figures
from bot.domain.partnership import Partnership
from bot.domain.periods import Period
from bot.domain.publishing import marked


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"
    SECONDS = "seconds"
    SCORE = "score"
    EACH = "each"
    PARTS = "parts"


AVERAGES = (Kind.MINUTES, Kind.SECONDS, Kind.SCORE, Kind.EACH)


@dataclass(frozen=True, slots=True)
class Measure:
    """`counts` and `of` say numerator and denominator; `starts` and `stops` the clock, where there
    is one. `open_to_all`: exact even where others can see, because they can count the cards.
    """

    key: str
    section: str
    title: str
    kind: Kind
    counts: str
    find: Callable[[Facts], Result]
    of: str = ""
    starts: str = ""
    stops: str = ""
    left_out: str = ""
    open_to_all: bool = False


COHORT = "Referrals whose call was picked up on a test day in the period, handed over ones included"
DECIDED = "Referrals decided by the duty team"
_NO_MERGED = "Merged referrals count once; withdrawn ones are not counted."
_CALL = "The call is picked up"
_AGREED = "The outcome that stands is first agreed"


_R, _D, _I = "Referrals", "Decisions", "Immediate referrals"
_F, _P, _T, _G, _C = (
    "Telling the caller",
    "Action plans",
    "The duty team",
    "What to watch",
    "The phone line",
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        "referrals", _R, "Referrals", Kind.COUNT, COHORT + ".", lambda f: count(f.cohort),
        left_out=_NO_MERGED, open_to_all=True,
    ),
    Measure(
        "children", _R, "Children", Kind.COUNT, "Children named in those referrals.",
        lambda f: Result(sum(r.children for r in f.cohort)), open_to_all=True,
    ),
    Measure(
        "intake_minutes", _R, "Minutes from call to briefing", Kind.MINUTES,
        "Referrals.", lambda f: spread(r.intake_minutes for r in f.cohort),
        starts=_CALL, stops="The form is sent",
    ),
    Measure(
        "handed_over", _R, "Handed over", Kind.SHARE,
        "Referrals passed to a named person elsewhere.",
        working_out.handed_over, of=COHORT,
    ),
    Measure(
        "open", _R, "Open now", Kind.COUNT, "Referrals not yet finished, at the time shown.",
        lambda f: count([r for r in f.cohort if r.open]),
    ),
    Measure(
        "decided", _D, "Decided by the duty team", Kind.SHARE,
        "Referrals with an agreed outcome that were not handed over.",
        lambda f: share(f.cohort, lambda r: r.decided_by_duty_team), of=COHORT, open_to_all=True,
    ),
    Measure(
        "by_outcome", _D, "Decisions by outcome", Kind.PARTS,
        "Decisions by the duty team, by the outcome of the referral.",
        lambda f: parts((r.outcome for r in f.decided), working_out.outcomes(f), len(f.cohort)),
        open_to_all=True,
    ),
    Measure(
        "children_by_outcome", _D, "Children by outcome", Kind.PARTS,
        "Children in those referrals, each by their own outcome.",
        working_out.children_by_outcome,
    ),
    Measure(
        "by_lead_agency", _D, "Decisions by the lead's agency", Kind.PARTS,
        "Decisions by the duty team, by the agency of the lead person.",
        lambda f: parts((r.lead_agency for r in f.decided), working_out.agencies(f), len(f.cohort)),
    ),
    Measure(
        "decision_minutes", _D, "Minutes from call to decision", Kind.MINUTES,
        DECIDED + ".", lambda f: spread(r.minutes_received_to_decision for r in f.decided),
        starts=_CALL, stops=_AGREED,
    ),
    Measure(
        "decision_working_minutes", _D, "Working minutes from call to decision", Kind.MINUTES,
        DECIDED + ", counting opening hours only.",
        lambda f: spread(r.working_minutes_received_to_decision for r in f.decided),
        starts=_CALL, stops=_AGREED,
    ),
    Measure(
        "decision_in_time", _D, "Decided in one working day", Kind.SHARE,
        "Referrals whose outcome was agreed, or recorded elsewhere after handover, by the same"
        " clock time on the next working day, held inside that day's opening hours. A call picked"
        " up when the door is shut counts from the next opening.",
        lambda f: share(f.cohort, lambda r: r.known("decision", r.decision_in_time)), of=COHORT,
        starts=_CALL, stops=_AGREED,
    ),
    Measure(
        "corrected", _D, "Outcomes corrected", Kind.SHARE,
        "Agreed outcomes that were corrected within 10 working days.",
        lambda f: share(f.decided, lambda r: r.corrected_in_time), of=DECIDED,
    ),
    Measure(
        "immediate", _I, "Immediate referrals", Kind.COUNT,
        "Referrals flagged immediate and not stood down.", lambda f: count(f.immediate),
    ),
    Measure(
        "assessment_minutes", _I, "Minutes to the Assessment Team", Kind.MINUTES,
        "Immediate referrals.",
        lambda f: spread(r.minutes_received_to_assessment_ack for r in f.immediate),
        starts=_CALL, stops="A named person in the Assessment Team takes it",
        left_out="Those nobody has taken yet.",
    ),
    Measure(
        "to_flag", _I, "Of those: call to flag", Kind.MINUTES, "Immediate referrals.",
        lambda f: spread(r.minutes_received_to_flagged for r in f.immediate),
        starts=_CALL, stops="Child not safe now is pressed",
    ),
    Measure(
        "flag_to_rung", _I, "Of those: flag to ringing the team", Kind.MINUTES,
        "Immediate referrals.",
        lambda f: spread(r.minutes_flagged_to_notified for r in f.immediate),
        starts="Child not safe now is pressed", stops="Somebody records that they rang",
        left_out="Those where nobody recorded a call.",
    ),
    Measure(
        "rung_to_taken", _I, "Of those: ringing to taken", Kind.MINUTES, "Immediate referrals.",
        lambda f: spread(r.minutes_notified_to_assessment_ack for r in f.immediate),
        starts="Somebody records that they rang",
        stops="A named person in the Assessment Team takes it",
        left_out="Those where either time is missing.",
    ),
    Measure(
        "feedback_in_time", _F, "Caller told in one working day", Kind.SHARE,
        "Referrals whose callers were told, the last of them by the time the decision was due. One"
        " who could not be told is left aside where another was.",
        lambda f: share(f.cohort, lambda r: r.known("feedback", r.feedback_in_time)), of=COHORT,
        starts=_CALL, stops="The last caller is told",
    ),
    Measure(
        "survey_replies", _F, "Callers who answered", Kind.SHARE,
        "Callers who answered the first question.", working_out.survey_replies,
        of="Callers the lead asked",
    ),
    Measure(
        "form_replies", _F, "Replies on the council's form", Kind.COUNT,
        "Imported replies dated in the period.", working_out.form_replies,
    ),
    Measure(
        "satisfied", _F, "Callers satisfied", Kind.SHARE,
        "Answers of 4 or 5 to: Overall, how satisfied were you?", working_out.survey_share(0),
        of="Answers to that question",
    ),
    Measure(
        "know_next", _F, "Callers who know what happens next", Kind.SHARE,
        "Answers of 4 or 5 to: I know what happens next for the child.",
        working_out.survey_share(1), of="Answers to that question",
    ),
    Measure(
        "talked_needs", _F, "Callers who talked about needs", Kind.SHARE,
        "Answers of 4 or 5 to: We talked about what the child needs.", working_out.survey_share(2),
        of="Answers to that question",
    ),
    Measure(
        "plans", _P, "Outcomes with an action plan", Kind.SHARE,
        "Agreed outcomes with at least one action that has an owner and a date.",
        lambda f: share(f.decided, lambda r: r.known("plan", r.has_plan)), of=DECIDED,
    ),
    Measure(
        "actions_each", _P, "Actions in a plan", Kind.EACH, "Plans with an action.",
        working_out.actions_each, left_out="Outcomes without a plan.",
    ),
    Measure(
        "plan_score", _P, "Plan score out of 10", Kind.SCORE,
        "Plans of agreed outcomes, scored for being specific, owned, timed, needs-led and shared."
        " It measures form, not whether the plan is right.",
        lambda f: spread(working_out.score(r) for r in f.decided),
        left_out="Outcomes without a plan.",
    ),
    Measure(
        "actions_done", _P, "Actions done by their date", Kind.SHARE,
        "Actions recorded as done on or before their date.", working_out.actions_done,
        of="Actions whose date has passed, or that are done",
    ),
    Measure(
        "pulse_replies", _T, "Team replies", Kind.SHARE,
        "Replies to the day's four questions.", working_out.pulse_replies,
        of="People on the roll those days", open_to_all=True,
    ),
    Measure(
        "heard", _T, "My agency's information was heard", Kind.SHARE,
        "Replies of 4 or 5.", working_out.pulse_share(0), of="Replies",
    ),
    Measure(
        "needs_talked", _T, "We talked about what the child needs", Kind.SHARE,
        "Replies of 4 or 5.", working_out.pulse_share(1), of="Replies",
    ),
    Measure(
        "quicker", _T, "It was quicker than email would have been", Kind.SHARE,
        "Replies of 4 or 5.", working_out.pulse_share(2), of="Replies",
    ),
    Measure(
        "know_what_to_do", _T, "I know what I have to do next", Kind.SHARE,
        "Replies of 4 or 5.", working_out.pulse_share(3), of="Replies",
    ),
    Measure(
        "lead_minutes", _G, "Minutes from briefing to a lead", Kind.MINUTES,
        "Referrals.", lambda f: spread(r.minutes_briefed_to_lead for r in f.cohort),
        starts="The briefing is posted", stops="Somebody first has the lead",
        left_out="Those without a lead.",
    ),
    Measure(
        "defaulted", _G, "Lead given by default", Kind.SHARE,
        "Referrals nobody claimed in time, so that the duty manager became lead.",
        lambda f: share(f.cohort, lambda r: r.lead_defaulted), of=COHORT,
    ),
    Measure(
        "re_referral", _G, "Referred before", Kind.SHARE,
        "Referrals of a child known, when the form was sent, to have been referred in the 12 months"
        " before.",
        lambda f: share(f.cohort, lambda r: r.known("re_referral", r.re_referral)), of=COHORT,
    ),
    Measure(
        "came_back", _G, "Same child back within 10 working days", Kind.SHARE,
        "Referrals of which a child was referred again within 10 working days.",
        coming_back.came_back, of="Referrals with a known Mosaic ID whose 10 days are over",
        left_out="Mosaic ID to follow, or 10 working days not over yet.",
    ),
    Measure(
        "through_the_line", _C, "Referrals through the phone line", Kind.SHARE,
        "Referrals taken in the second test.",
        lambda f: share(f.cohort, lambda r: r.test == "second_test"), of=COHORT,
    ),
    Measure(
        "on_call", _C, "Outcome given on the call", Kind.SHARE,
        "Referrals of the second test whose outcome was agreed by the end of the call.",
        lambda f: share(working_out.second_test(f), lambda r: r.decided_on_call),
        of="Referrals of the second test", starts=_CALL, stops="The call ends",
        left_out="Calls whose end was not recorded.",
    ),
    Measure(
        "call_minutes", _C, "Minutes on the call", Kind.MINUTES, "Referrals.",
        lambda f: spread(r.call_minutes for r in f.cohort),
        starts=_CALL, stops="The call ends", left_out="Calls whose end was not recorded.",
    ),
    Measure(
        "calls_answered", _C, "Calls answered", Kind.SHARE, "Calls somebody answered.",
        working_out.calls_answered, of="Calls offered to the line",
    ),
    Measure(
        "calls_abandoned", _C, "Calls given up (drop-off rate)", Kind.SHARE,
        "Calls that ended before anybody answered.", working_out.calls_abandoned,
        of="Calls offered to the line",
    ),
    Measure(
        "call_wait", _C, "Seconds callers waited", Kind.SECONDS, "Calls somebody answered.",
        working_out.call_waits, starts="The call reaches the line", stops="It is answered",
        left_out="Calls whose wait was not recorded.",
    ),
    Measure(
        "calls_in_target", _C, "Calls answered within the target", Kind.SHARE,
        "Calls answered within the partnership's target wait.", working_out.calls_in_target,
        of="Calls offered to the line, each with its wait", starts="The call reaches the line",
        stops="It is answered", left_out="Calls whose wait was not recorded.",
    ),
)  # fmt: skip

BY_KEY = {m.key: m for m in MEASURES}


@dataclass(frozen=True)
class Report:
    """Every measure of one period. `late`: references whose decision or feedback is past due."""

    period: Period
    as_at: dt.datetime
    results: dict[str, Result]
    late: tuple[str, ...]
    facts: Facts

    def __getitem__(self, key: str) -> Result:
        return self.results[key]


def _late(row: Figures, now: dt.datetime) -> bool:
    owed = row.decided_at is None or not row.feedback_done
    return row.open and owed and now > row.decision_due_at


def report_of(material: Material, partnership: Partnership) -> Report:
    facts = facts_of(material, partnership)
    late = tuple(r.reference for r in facts.cohort if _late(r, material.as_at))
    averages = [m.key for m in MEASURES if m.kind in AVERAGES]
    results = marked({m.key: m.find(facts) for m in MEASURES}, averages)
    return Report(material.period, material.as_at, results, late, facts)
