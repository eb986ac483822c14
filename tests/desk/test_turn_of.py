"""One turn is counted once and ends its own span, whatever happens inside it or to who watches."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from types import TracebackType

import pytest

from bot.desk.signals import Silent, Span, note_fault, note_press, note_refusal, turn_of


class Watcher(Silent):
    """Fails where it is told to."""

    def __init__(self, fails_at: str = "") -> None:
        self.fails_at = fails_at
        self.counted: list[tuple[str, str]] = []
        self.facts: dict[str, str] = {}
        self.faults: list[str] = []
        self.closed = 0

    def _at(self, step: str) -> None:
        if step == self.fails_at:
            raise RuntimeError(step)

    def pressed(self, verb: str, result: str) -> None:
        self.counted.append((verb, result))

    def span(
        self, name: str, *, root: bool = False, inside: bool = False, **facts: str
    ) -> AbstractContextManager[Span]:
        self._at("span")
        return self

    def __enter__(self) -> Span:
        self._at("enter")
        return self

    def set(self, **facts: str) -> None:
        self._at("set")
        self.facts = facts

    def failed(self, fault: str) -> None:
        self._at("failed")
        self.faults.append(fault)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed += 1
        self._at("exit")


def nothing_goes_on() -> bool:
    """Notes outside a turn are nobody's."""
    watcher = Watcher()
    note_refusal("leaked")
    with turn_of(watcher, "next"):
        pass
    return watcher.counted == [("next", "taken")]


def test_a_turn_is_counted_by_what_was_noted_inside_it() -> None:
    watcher = Watcher()
    with turn_of(watcher, "press"):
        note_press("claim", "c1")
        note_refusal("not_allowed")
    with turn_of(watcher, "press"):
        note_fault("KeyError")

    assert watcher.counted == [("claim", "refused"), ("press", "fault")]
    assert watcher.faults == ["KeyError"]
    assert watcher.closed == 2


@pytest.mark.parametrize("fault", [KeyError("x"), asyncio.CancelledError()])
def test_an_exception_goes_on_and_is_counted(fault: BaseException) -> None:
    watcher = Watcher()
    with pytest.raises(type(fault)), turn_of(watcher, "press"):
        raise fault

    assert watcher.counted == [("press", "fault")]
    assert watcher.closed == 1
    assert nothing_goes_on()


@pytest.mark.parametrize(
    ("step", "closed"), [("span", 0), ("enter", 0), ("set", 1), ("failed", 1), ("exit", 1)]
)
def test_who_watches_and_fails_leaves_no_turn_open(step: str, closed: int) -> None:
    watcher = Watcher(step)
    with pytest.raises(RuntimeError, match=step), turn_of(watcher, "press"):
        note_fault("KeyError")

    assert len(watcher.counted) == 1
    assert watcher.closed == closed
    assert nothing_goes_on()
