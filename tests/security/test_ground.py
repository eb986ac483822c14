"""The ground itself: what a press logged and was not kept is no state that the next one meets."""

from __future__ import annotations

from pathlib import Path

from bot.desk.service import Done
from bot.domain import commands as cmd
from bot.domain.decision import Refused
from tests.domain.story import SHARED
from tests.security.ground import Ground, ground


async def pressed(there: Ground, case_id: str, by: str, command: cmd.Command) -> Done | Refused:
    there.sender = there.r.front_door.partnership.person(by)
    assert there.sender is not None
    return await there.r.front_door.desk.service.act(case_id, command, there.sender)


async def test_what_work_behind_the_answer_still_remembers_is_read_again(tmp_path: Path) -> None:
    line = cmd.AddContribution("police", "known", "Known to us.", sharing=SHARED)
    async with ground(tmp_path, keeps=False) as there:
        case_id = next(c for c, state in there.cases.items() if state == "closed")
        cases = there.r.front_door.desk.cases
        assert isinstance(await pressed(there, case_id, "masho-1", cmd.FlagImmediate("Now.")), Done)
        reopened = cases._warm[case_id]
        there._after()
        cases._warm[case_id] = reopened

        said = await pressed(there, case_id, "pol-1", line)

        assert isinstance(said, Refused)
        assert said.code == "wrong_state"
        assert there.wrong == []
