"""What anything that answers who is in which group must do. Subclassed by its tests."""

from __future__ import annotations

from typing import Protocol

import pytest

from bot.desk.graph_ports import DirectoryUnavailable, Groups

PERSON = "0a000000-0000-4000-8000-000000000001"
STRANGER = "0a000000-0000-4000-8000-000000000002"
REPS = "0b000000-0000-4000-8000-000000000001"
MANAGERS = "0b000000-0000-4000-8000-000000000002"
OTHERS = "0b000000-0000-4000-8000-000000000003"


class Setting(Protocol):
    """The other side, as a test sets it."""

    def put(self, object_id: str, *group_ids: str) -> None: ...
    def break_down(self) -> None: ...
    def mend(self) -> None: ...


class GroupsContract:
    """A subclass gives the fixture `groups` and, for the other side of it, `setting`."""

    async def test_every_group_a_person_is_in_comes_back(
        self, groups: Groups, setting: Setting
    ) -> None:
        setting.put(PERSON, REPS, MANAGERS)
        assert await groups.member_of(PERSON, [REPS, MANAGERS, OTHERS]) == {REPS, MANAGERS}

    async def test_a_group_nobody_asked_about_does_not_come_back(
        self, groups: Groups, setting: Setting
    ) -> None:
        setting.put(PERSON, REPS, OTHERS)
        assert await groups.member_of(PERSON, [REPS, MANAGERS]) == {REPS}

    async def test_somebody_the_directory_does_not_know_is_in_none(
        self, groups: Groups, setting: Setting
    ) -> None:
        setting.put(PERSON, REPS)
        assert await groups.member_of(STRANGER, [REPS]) == frozenset()

    async def test_somebody_taken_out_of_a_group_is_no_longer_in_it(
        self, groups: Groups, setting: Setting
    ) -> None:
        setting.put(PERSON, REPS)
        assert await groups.member_of(PERSON, [REPS]) == {REPS}
        setting.put(PERSON)
        assert await groups.member_of(PERSON, [REPS]) == frozenset()

    async def test_no_answer_is_a_fault_and_never_no_group(
        self, groups: Groups, setting: Setting
    ) -> None:
        setting.put(PERSON, REPS)
        setting.break_down()
        with pytest.raises(DirectoryUnavailable):
            await groups.member_of(PERSON, [REPS])

        setting.mend()

        assert await groups.member_of(PERSON, [REPS]) == {REPS}
