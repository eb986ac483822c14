"""Puts a sentence into one field of people's words of a referral: every such field has its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.intake import TEXT_LIMITS
from bot.domain.referral import (
    Amendment,
    Cleared,
    Contribution,
    Disagreement,
    DoneAction,
    Ending,
    Feedback,
    Handover,
    Immediate,
    LeadChange,
    NoFeedback,
    Offer,
    PoliceContact,
    Referral,
    Strategy,
    StrategyMeeting,
)
from tests.cards.story import START

Plant = Callable[[Referral, str], Referral]


def line(agency: str = "probation", decision: str = "shared", **words: str) -> Plant:
    """A line of an agency's."""

    def plant(told: Referral, text: str) -> Referral:
        first = told.contributions[0]
        filled = {name: value.format(text) for name, value in words.items()}
        reason = filled.pop("reason", "")
        assert first.said.sharing
        sharing = replace(first.said.sharing, decision=decision, reason=reason)
        bare = replace(first.said, relevant="", strengths="", worries="", suggests="")
        said = replace(bare, agency=agency, sharing=sharing, **filled)
        return replace(
            told, contributions=(*told.contributions, Contribution(said, "hou-1", START))
        )

    return plant


def message(**words: Any) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        base = replace(told.messages[0], text="Noted", agency="probation")
        filled = {k: (text,) if k == "earlier" else text for k in words}
        return replace(told, messages=(*told.messages, replace(base, **filled)))

    return plant


def plan(**words: str) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        assert told.plan
        return replace(told, plan=replace(told.plan, **dict.fromkeys(words, text)))

    return plant


def action(field: str) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        assert told.plan
        row = replace(told.plan.actions[0], **{field: text})
        return replace(told, plan=replace(told.plan, actions=(row, *told.plan.actions[1:])))

    return plant


def done(told: Referral, text: str) -> Referral:
    """An action of a plan that was replaced since."""
    assert told.plan
    row = replace(told.plan.actions[0], action=text)
    return replace(told, done_actions=(DoneAction(row, "eh-1", START),))


def pick(field: str) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        assert told.pick
        return replace(told, pick=replace(told.pick, **{field: text}))

    return plant


def past_pick(field: str) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        assert told.pick
        return replace(told, past_picks=(replace(told.pick, **{field: text}),))

    return plant


def other_call(field: str) -> Plant:
    """An answer of the second call; the first caller is told."""

    def plant(told: Referral, text: str) -> Referral:
        other = told.merged_callers[0]
        changed = replace(other, intake=replace(other.intake, **{field: text}))
        return replace(told, merged_callers=(changed,))

    return plant


def amended(told: Referral, **more: Any) -> Referral:
    base = Amendment("reported", "", "", "masho-2", START, "")
    return replace(told, amendments=(replace(base, **more),))


def of_its_own(field: str, make: Callable[[str], Any], *, many: bool = False) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        value = make(text)
        return replace(told, **{field: (value,) if many else value})

    return plant


def flag(text: str) -> Immediate:
    return Immediate(START, "pol-1", text)


def own_answer(field: str) -> Plant:
    def plant(told: Referral, text: str) -> Referral:
        return replace(told, intake=replace(told.asked, **{field: text}))

    return plant


PLANTS: dict[str, tuple[str, Plant]] = {
    "relevant": ("contributions", line(relevant="{}")),
    "strengths": ("contributions", line(strengths="{}")),
    "worries": ("contributions", line(worries="{}")),
    "shared_in_part": ("contributions", line(worries="{}", decision="shared_in_part")),
    "not_shared": ("contributions", line(relevant="{}", decision="not_shared")),
    "suggests": ("suggests", line(suggests="{}")),
    "why_shared": ("sharing", line(reason="{}")),
    "why_not_shared": ("sharing", line(reason="{}", decision="not_shared")),
    "message": ("messages", message(text="")),
    "message_before": ("messages", message(earlier="")),
    "other_before": (
        "second_call",
        lambda told, text: amended(told, before=text, for_ref=told.callers[1].for_ref),
    ),
    "other_after": (
        "second_call",
        lambda told, text: amended(told, after=text, for_ref=told.callers[1].for_ref),
    ),
    "child_view": ("child_view", own_answer("child_view")),
    "amend_reason": ("corrections", lambda told, text: amended(told, reason=text)),
    "reopened": ("corrections", of_its_own("reopened", lambda t: Ending("eh-1", START, t))),
    "withdrawn": ("corrections", of_its_own("withdrawn", lambda t: Ending("eh-1", START, t))),
    "action": ("plan", action("action")),
    "owner_name": ("plan", action("owner_name")),
    "done_action": ("plan", done),
    "family_view": ("family_view", plan(family_view="")),
    "rationale": ("rationale", pick("rationale")),
    "because": ("rationale", pick("because")),
    "past_rationale": ("rationale", past_pick("rationale")),
    "past_because": ("rationale", past_pick("because")),
    "ended_reason": ("rationale", past_pick("ended_reason")),
    "agreed_note": ("notes", pick("agreed_note")),
    "past_agreed_note": ("notes", past_pick("agreed_note")),
    "strategy": ("strategy", of_its_own("strategy", lambda t: Strategy(True, t, "sw-1", START))),
    "strategy_also": (
        "strategy",
        of_its_own("strategy_meeting", lambda t: StrategyMeeting((), t, "", "sw-1", START)),
    ),
    "strategy_where": (
        "strategy",
        of_its_own("strategy_meeting", lambda t: StrategyMeeting((), "", t, "sw-1", START)),
    ),
    "flag_note": ("immediate", of_its_own("immediate", flag)),
    "stood_down": (
        "immediate",
        of_its_own("immediate", lambda t: replace(flag(""), stood_down_reason=t)),
    ),
    "taken_by": (
        "immediate",
        of_its_own("immediate", lambda t: replace(flag(""), acknowledged_by=t)),
    ),
    "disagreement": (
        "disagreement",
        of_its_own("disagreements", lambda t: Disagreement(t, "pol-1", START), many=True),
    ),
    "police": (
        "police",
        of_its_own("police", lambda t: PoliceContact("", t, START, "sw-1", START), many=True),
    ),
    "lead_note": ("lead_notes", of_its_own("lead_note", str)),
    "lead_reason": (
        "lead_notes",
        of_its_own("leads", lambda t: LeadChange("eh-1", "assigned", "mgr-1", START, t), many=True),
    ),
    "offer": ("lead_notes", of_its_own("offer", lambda t: Offer("hlt-1", "eh-1", START, t))),
    "cannot": (
        "notes",
        of_its_own("no_feedback", lambda t: NoFeedback(t, "eh-1", START), many=True),
    ),
    "passed": ("notes", of_its_own("passes", lambda t: Cleared("", "", "m", START, t), many=True)),
    "late": (
        "notes",
        of_its_own(
            "feedback",
            lambda t: Feedback("school", "none", "phone", "", "eh-1", START, late_reason=t),
            many=True,
        ),
    ),
    "handover": (
        "handover",
        of_its_own("handover", lambda t: Handover("edt", "", t, "sw-1", START)),
    ),
    "accepted_by": (
        "handover",
        of_its_own("handover", lambda t: Handover("edt", t, "", "sw-1", START)),
    ),
    **{
        f"other_{field}": ("second_call", other_call(field))
        for field in TEXT_LIMITS
        if field != "child_view"
    },
}
NUMBER = {name: n for n, name in enumerate(PLANTS)}


def sentence(name: str) -> str:
    n = NUMBER[name]
    return f"Moss{n} isn't fern{n}, reed{n} birch{n} heath{n} alder{n} sedge{n}"
