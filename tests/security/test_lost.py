"""A fault of work that nobody waits for is told by its type and place, never by its words."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.logs import JsonLines, run_loop

WORDS = "Amira Khan, 14 Elm Road"
BOT = Path(__file__).parents[2] / "bot"
Json = dict[str, Any]


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


async def breaks() -> None:
    raise ValueError(f"could not read '{WORDS}'")


def breaks_over(words: str) -> None:
    raise ValueError(words)


async def a_lost_task() -> None:
    task = asyncio.create_task(breaks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()


async def a_lost_callback() -> None:
    asyncio.get_running_loop().call_soon(breaks_over, WORDS)
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("lost", "of", "place"),
    [(a_lost_task, "breaks", " breaks"), (a_lost_callback, "ValueError Handle", " breaks_over")],
)
def test_a_lost_fault_is_told_by_type_and_place_only(
    lines: Lines, lost: Callable[[], Awaitable[None]], of: str, place: str
) -> None:
    async def goes_on() -> int:
        await lost()
        return 0

    assert run_loop(goes_on()) == 0
    (line,) = lines.written
    told: Json = json.loads(line)
    assert (told["message"], told["fault_type"], told["of"]) == ("loop.fault", "ValueError", of)
    assert told["where"][-1].endswith(place)
    assert WORDS not in line


def test_what_others_write_below_their_first_line_is_left_out(lines: Lines) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %s", WORDS)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {WORDS}")
    assert len(lines.written) == 2
    assert all(json.loads(x)["message"].endswith("never retrieved") for x in lines.written)
    assert [line for line in lines.written if WORDS in line] == []


def test_the_program_starts_no_loop_but_this_one() -> None:
    found = [p.name for p in BOT.rglob("*.py") if "asyncio.run(" in p.read_text(encoding="utf-8")]
    assert found == []
    assert "run_loop(" in (BOT / "command_line.py").read_text(encoding="utf-8")
