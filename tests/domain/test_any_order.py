"""Anybody presses anything, in any order, at any time: some things must still never happen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Refused
from bot.domain.pairs import absorbed
from bot.domain.partnership import BOT, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import State

from .pressing import COMMANDS, OF_ONE, ORDINARY, PEOPLE, Pressed
from .story import EVERYBODY, MASHO, PARTNERSHIP, POLICE_CALL, SECOND_REFERENCE, at, intake

SETTINGS = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking a long story takes minutes; the story is printed as it is
)
AGREEMENTS = st.sampled_from(["second_person", "social_worker", "none"])


class AnyOrder(RuleBasedStateMachine):
    """One referral, everybody pressing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at("09:06")
        self.one = Pressed("case-1", PARTNERSHIP)

    @initialize(agreement=AGREEMENTS, steps=st.integers(1, len(ORDINARY)))
    def somewhere_on_the_way(self, agreement: str, steps: int) -> None:
        self.one.partnership = replace(PARTNERSHIP, outcome_agreement=agreement)
        for who, command in ORDINARY[:steps]:
            self.one.press(command, who, self.now)

    @rule(minutes=st.sampled_from([0, 1, 6, 31, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule(absent=st.frozensets(st.sampled_from(EVERYBODY), max_size=3))
    def roll_is_called(self, absent: frozenset[str]) -> None:
        self.one.today = Today(absent=absent, called=True)

    @rule(command=COMMANDS, who=PEOPLE)
    def anybody_presses_anything(self, command: cmd.Command, who: str) -> None:
        self.one.press(command, who, self.now)

    @rule(commands=st.lists(COMMANDS, min_size=5, max_size=15))
    def those_who_may_press(self, commands: list[cmd.Command]) -> None:
        for command in commands:
            self.one.press_by_one_who_may(command, self.now)

    @invariant()
    def it_stays_right(self) -> None:
        self.one.stays_right(self.now)


def as_other(referral: Referral) -> cmd.OtherReferral:
    return cmd.OtherReferral(referral.case_id, referral.reference, referral.state, referral.asked)


class TwoAtOnce(RuleBasedStateMachine):
    """Two referrals that may name the same child. What one owes the other comes later."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at("09:20")
        self.sides = (Pressed("case-1", PARTNERSHIP), Pressed("case-2", PARTNERSHIP))
        self.seen: tuple[cmd.OtherReferral, ...] = ()

    @initialize(
        first=st.sampled_from([2, 3, 4, 8]),
        second=st.integers(2, len(ORDINARY)),
        same=st.booleans(),
    )
    def two_calls(self, first: int, second: int, same: bool) -> None:
        children = POLICE_CALL.children if same else POLICE_CALL.children[1:]
        forms = (intake(), replace(POLICE_CALL, children=children))
        for side, form, steps in zip(self.sides, forms, (first, second), strict=True):
            self.now += dt.timedelta(minutes=1)
            submit = cmd.SubmitIntake(form)
            for who, command in ((MASHO, submit), *ORDINARY[1:steps]):
                self.numbered(side, command, who)
        self.look()

    def numbered(self, side: Pressed, command: cmd.Command, who: str) -> None:
        """As pressed, with the reference the service gives to what is submitted."""
        if not isinstance(command, cmd.SubmitIntake):
            side.press(command, who, self.now)
            return
        decided = side.decided(command, who, self.now)
        assert not isinstance(decided, Refused)
        reference = "REF-2026-00001" if side.case_id == "case-1" else SECOND_REFERENCE
        for recorded in decided:
            event = recorded.event
            if isinstance(event, ev.IntakeSubmitted):
                recorded = replace(recorded, event=replace(event, reference=reference))
            side.follow(recorded)

    @rule()
    def look(self) -> None:
        """What is on a screen when somebody presses may be old by then."""
        self.seen = tuple(as_other(side.referral) for side in self.sides)

    @rule(minutes=st.sampled_from([1, 31, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule(index=st.integers(0, 1), commands=st.lists(OF_ONE, min_size=1, max_size=8))
    def those_who_may_press(self, index: int, commands: list[cmd.Command]) -> None:
        for command in commands:
            self.sides[index].press_by_one_who_may(command, self.now)

    @rule(index=st.integers(0, 1))
    def merge(self, index: int) -> None:
        command = cmd.MergeReferral(self.seen[1 - index])
        self.sides[index].press_by_one_who_may(command, self.now)

    @rule()
    def merge_each_into_the_other(self) -> None:
        """Two people press in the same second, each on what they see."""
        self.look()
        self.merge(0)
        self.merge(1)
        self.the_merge_goes_through(0)
        self.the_merge_goes_through(1)

    @rule(index=st.integers(0, 1), who=PEOPLE)
    def link_both_ways(self, index: int, who: str) -> None:
        here, there = self.sides[index], self.sides[1 - index]
        decided = here.press(cmd.LinkReferral(self.seen[1 - index]), who, self.now)
        if isinstance(decided, Refused) or not there.referral.live:
            return
        back = there.press(cmd.LinkReferral(as_other(here.referral)), who, self.now)
        if decided and not isinstance(back, Refused):
            assert [o.case_id for o in there.referral.links] == [here.case_id]
        assert [o.case_id for o in here.referral.links] == [there.case_id]

    @rule(index=st.integers(0, 1))
    def the_bot_notices(self, index: int) -> None:
        self.sides[index].press(cmd.MatchReferral(self.seen[1 - index]), BOT.id, self.now)

    @rule(index=st.integers(0, 1))
    def the_merge_goes_through(self, index: int) -> None:
        """The merged one is taken in by the one that goes on; of two merged, the earlier."""
        gone, other = self.sides[index], self.sides[1 - index]
        if gone.referral.merged_into is None:
            return
        if other.referral.merged_into is not None and index == 0:
            return
        before = other.referral
        command = cmd.AbsorbReferral(absorbed(gone.referral, gone.referral.merged_into.by))
        decided = other.press(command, BOT.id, self.now)

        assert not isinstance(decided, Refused), "its child and its caller would be lost"
        again = other.press(command, BOT.id, self.now)
        assert again == (), "taken in twice"
        if decided:
            self.both_are_there(before, gone.referral, other.referral)

    def both_are_there(self, mine: Referral, theirs: Referral, after: Referral) -> None:
        assert after.live
        assert {*mine.asked.mosaic_ids, *theirs.asked.mosaic_ids} <= {*after.asked.mosaic_ids}
        assert after.asked.received_at == min(mine.asked.received_at, theirs.asked.received_at)
        assert theirs.reference in [c.reference for c in after.owed]
        said = [c.said for c in after.contributions]
        assert all(c.said in said for c in (*mine.contributions, *theirs.contributions))
        written = {m.text for m in after.messages}
        kept = (m for m in (*mine.messages, *theirs.messages) if m.removed_at is None)
        assert {m.text for m in kept} <= written
        if mine.is_immediate or theirs.is_immediate:
            assert after.is_immediate
        if mine.lead:
            assert after.lead == mine.lead

    @invariant()
    def each_stays_right(self) -> None:
        for side in self.sides:
            side.stays_right(self.now)

    @invariant()
    def a_child_is_not_counted_twice_nor_lost(self) -> None:
        """Once everything owed has arrived, one of two merged goes on."""
        for gone, other in (self.sides, self.sides[::-1]):
            took = any(o.case_id == gone.case_id for o in other.referral.absorbed)
            if took and gone.referral.state is State.MERGED:
                assert other.referral.state not in (State.MERGED, State.WITHDRAWN)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(SETTINGS, max_examples=500, stateful_step_count=20)
TestTwoAtOnce = TwoAtOnce.TestCase
TestTwoAtOnce.settings = settings(SETTINGS, max_examples=300, stateful_step_count=20)
