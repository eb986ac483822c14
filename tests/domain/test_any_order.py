"""Anybody presses anything, in any order, at any time: some things must still never happen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.decide import decide
from bot.domain.decision import Decided, Refused, Scene
from bot.domain.intake import Child
from bot.domain.measures import figures_of, week_of
from bot.domain.next_step import next_step
from bot.domain.partnership import Partnership, Today
from bot.domain.referral import Referral, evolve, fold
from bot.domain.timers import due_list
from bot.domain.transitions import actor_allowed
from bot.domain.vocabulary import DUTY_TEAM, KNOWN, TO_FOLLOW, State

from .story import (
    EVERYBODY,
    MONDAY,
    PARTNERSHIP,
    SHARED,
    action,
    at,
    intake,
    person,
)

OUTCOMES = st.sampled_from(["immediate", "social_care", "ehu", "advice_at_contact"])
WORDS = st.sampled_from(["Mum agrees.", "", "  "])
SELDOM = st.sampled_from(["", "", "", "", "", "Sam"])
AGENCIES = st.sampled_from([a.code for a in PARTNERSHIP.agencies])
IDS = st.sampled_from(["9900101", "9900102", "9900103", "Sam"])
NOTES = st.none() | st.builds(cmd.ConsiderStrategy, st.booleans(), WORDS)
ROWS = st.sampled_from([action(), action("Monitor"), action(need="home", owner="")])
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
)

COMMANDS = st.one_of(
    st.builds(cmd.SubmitIntake, FORMS, immediate=st.booleans()),
    st.builds(cmd.AmendIntake, ANSWERS, WORDS),
    st.just(cmd.RecordBriefing("19:c", "m", "https://s.example")),
    st.builds(cmd.ClaimLead),
    st.builds(cmd.AssignLead, st.sampled_from(EVERYBODY), WORDS),
    st.builds(cmd.DefaultLead),
    st.builds(
        cmd.AddContribution,
        AGENCIES,
        st.sampled_from(KNOWN),
        source=st.sampled_from(["thread", "room"]),
        told=st.sampled_from(["", "room"]),
        sharing=st.sampled_from([None, SHARED]),
    ),
    st.builds(cmd.AddMessage, WORDS),
    st.builds(cmd.SendNudge, st.sampled_from(["claim", "agree"]), st.integers(1, 2)),
    st.builds(cmd.FlagImmediate, WORDS),
    st.builds(cmd.StandDownImmediate, WORDS),
    st.builds(cmd.NotifyAssessment),
    st.builds(cmd.AcknowledgeAssessment, WORDS),
    st.builds(cmd.ConsiderStrategy, st.booleans(), WORDS),
    st.just(cmd.RecordStrategyHeld(("social_care", "police", "health"), "", "Mosaic")),
    st.builds(cmd.SavePlan, st.lists(ROWS, max_size=2).map(tuple), WORDS, WORDS),
    st.builds(
        cmd.ProposeOutcome,
        OUTCOMES,
        WORDS,
        st.lists(st.tuples(IDS, OUTCOMES), max_size=1).map(tuple),
        NOTES,
    ),
    st.builds(cmd.UndoOutcome, WORDS),
    st.builds(cmd.EndorseOutcome, WORDS, NOTES),
    st.builds(cmd.AskMashoToRing, WORDS),
    st.builds(cmd.SendFeedback, st.just("phone"), WORDS),
    st.builds(cmd.FeedbackCannotBeGiven, WORDS),
    st.builds(cmd.ConfirmNotes, st.lists(IDS, max_size=1).map(tuple)),
    st.builds(cmd.HandOverReferral, st.just("edt"), SELDOM, st.just("Closing time")),
    st.builds(cmd.AskIdentity),
    st.builds(cmd.TellIdentity, st.sampled_from(EVERYBODY)),
)

ORDINARY = (
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


class AnyOrder(RuleBasedStateMachine):
    """One referral, everybody pressing. The log is the only memory."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[ev.Recorded] = []
        self.referral = Referral("case-1")
        self.now = at("09:06")
        self.partnership: Partnership = PARTNERSHIP
        self.today = Today()

    @initialize(
        agreement=st.sampled_from(["second_person", "social_worker", "none"]),
        steps=st.integers(1, len(ORDINARY)),
    )
    def somewhere_on_the_way(self, agreement: str, steps: int) -> None:
        self.partnership = replace(PARTNERSHIP, outcome_agreement=agreement)
        for who, command in ORDINARY[:steps]:
            self.press(command, who)

    @rule(minutes=st.sampled_from([0, 1, 6, 31, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule(absent=st.frozensets(st.sampled_from(EVERYBODY), max_size=3))
    def roll_is_called(self, absent: frozenset[str]) -> None:
        self.today = Today(absent=absent, called=True)

    @rule(command=COMMANDS, who=st.sampled_from(EVERYBODY))
    def anybody_presses_anything(self, command: cmd.Command, who: str) -> None:
        self.press(command, who)

    @rule(commands=st.lists(COMMANDS, min_size=5, max_size=15))
    def those_who_may_press(self, commands: list[cmd.Command]) -> None:
        """The first person each would work for, so that wandering also gets somewhere."""
        for command in commands:
            able = (w for w in EVERYBODY if not isinstance(self.decided(command, w), Refused))
            if who := next(able, None):
                self.press(command, who)

    def decided(self, command: cmd.Command, who: str) -> Decided:
        scene = Scene(self.partnership, self.today, self.now, person(who))
        return decide(self.referral, command, scene)

    def press(self, command: cmd.Command, who: str) -> None:
        actor, before = person(who), self.referral
        decided = self.decided(command, who)

        assert self.decided(command, who) == decided, "deciding twice gives the same answer"
        if isinstance(command, cmd.FlagImmediate) and before.state is not State.DRAFT:
            refused = isinstance(decided, Refused)
            assert refused is (actor.role not in DUTY_TEAM), "the flag is never refused to the team"
        if isinstance(decided, Refused):
            assert decided.code
            return
        for recorded in decided:
            self.follow(recorded)
        if isinstance(command, cmd.FlagImmediate):
            assert self.referral.is_immediate
            assert self.referral.live, "the flag reopens what was closed"

    def follow(self, recorded: ev.Recorded) -> None:
        """What each single event must respect, given the referral just before it."""
        before, event = self.referral, recorded.event
        actor = person(recorded.by)
        by_setting = isinstance(event, ev.OutcomeEndorsed) and event.rule == "none"
        allowed = by_setting or actor_allowed(event.TYPE, before, actor)
        assert allowed, f"{recorded.by} may not {event.TYPE}"
        match event:
            case ev.LeadClaimed() | ev.LeadDefaulted():
                assert not before.lead, "two leads at once"
            case ev.OutcomeEndorsed(rule):
                self.endorsed(before, rule, recorded.by)
            case ev.ReferralClosed():
                assert before.feedback_done
                assert before.notes_done
                assert not before.asked.ids_to_follow
        self.log.append(recorded)
        self.referral = evolve(before, recorded)

    def endorsed(self, before: Referral, rule: str, by: str) -> None:
        assert before.pick is not None
        assert rule == self.partnership.outcome_agreement
        if rule == "second_person":
            assert before.pick.by != by, "the picker agreed their own"
        codes = {before.pick.code, *(code for _, code in before.pick.per_child)}
        if any(self.partnership.outcome[c].needs_strategy_note for c in codes):
            assert before.strategy is not None, "agreed without the strategy note"

    @invariant()
    def the_log_folds_to_the_same_state(self) -> None:
        assert fold(Referral("case-1"), self.log) == self.referral

    @invariant()
    def a_referral_is_whole(self) -> None:
        referral = self.referral
        if referral.state is State.DRAFT:
            assert not self.log
            return
        assert referral.intake is not None
        assert referral.taken_by
        if referral.state is not State.BRIEFED and not referral.handover:
            assert referral.lead
        if referral.state is State.CLOSED:
            assert referral.feedback_done
            assert referral.notes_done
            assert referral.closed_at is not None
        if referral.state in (State.OUTCOME_PROPOSED, State.OUTCOME_AGREED):
            assert referral.pick is not None
        if referral.state is State.OUTCOME_AGREED:
            assert referral.agreed

    @invariant()
    def what_is_finished_is_closed(self) -> None:
        """Otherwise it would stay open for ever: nothing is left to press."""
        referral = self.referral
        if referral.state in (State.OUTCOME_AGREED, State.HANDED_OVER):
            assert not (referral.feedback_done and referral.notes_done)

    @invariant()
    def what_is_shown_and_counted_can_always_be_worked_out(self) -> None:
        referral, p = self.referral, self.partnership
        nudged = {(d.kind, d.level) for d in due_list(referral, p, self.today)}
        assert not nudged & referral.nudges, "a nudge fires twice"
        if referral.state is State.DRAFT:
            return
        assert next_step(referral, p, self.today).code
        row = figures_of(referral, p)
        assert row.open is referral.live
        week = week_of([row], MONDAY, self.now, p)
        assert week.referrals == 1
        assert week.decided <= 1


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=250,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking a long story takes minutes; the story is printed as it is
)
