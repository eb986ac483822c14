"""What the desk tells whoever watches it: counts, ages and spans. Never a person, a word or a name.

By default nobody watches and nothing is done. Verbs, codes and kinds may be passed on as they are:
who watches keeps to the ones it knows, because a stranger can write any verb.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol


class Span(Protocol):
    """One piece of work in a trace."""

    def set(self, **facts: str) -> None:
        """Codes and case ids only."""

    def failed(self, fault: str) -> None:
        """`fault`: the exception's class name, never its message."""


class Signals(Protocol):
    def pressed(self, verb: str, result: str) -> None:
        """A press or a message was answered. `result`: taken, refused or fault."""

    def refused(self, code: str) -> None: ...
    def effect_ended(self, kind: str, state: str) -> None:
        """`state`: sent or failed, after which nothing is tried again."""

    def waiting(self, count: int, oldest_s: float) -> None:
        """Effects that should have gone out by now, and how long the oldest has been owed."""

    def timer_lag(self, kind: str, lag_s: float) -> None:
        """A timer fired so long after it was due; kind `tick` is the clock itself."""

    def ticked(self) -> None:
        """The clock looked at everything once more, to the end."""

    def stored(self, operation: str, table: str, outcome: str, seconds: float) -> None:
        """`outcome`: ok, already_there, changed, unavailable or fault."""

    def export_age(self, seconds: float) -> None:
        """How old the newest good export is just now. It ages by itself until told again."""

    def span(
        self, name: str, *, root: bool = False, inside: bool = False, **facts: str
    ) -> AbstractContextManager[Span]:
        """A `root` starts a trace of its own; `inside` is left out where there is none around it.
        An exception passes through and leaves its class name.
        """


class _NoSpan:
    def set(self, **facts: str) -> None:
        return None

    def failed(self, fault: str) -> None:
        return None

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


NO_SPAN = _NoSpan()


class Silent:
    """Nobody watches."""

    def pressed(self, verb: str, result: str) -> None:
        return None

    def refused(self, code: str) -> None:
        return None

    def effect_ended(self, kind: str, state: str) -> None:
        return None

    def waiting(self, count: int, oldest_s: float) -> None:
        return None

    def timer_lag(self, kind: str, lag_s: float) -> None:
        return None

    def ticked(self) -> None:
        return None

    def stored(self, operation: str, table: str, outcome: str, seconds: float) -> None:
        return None

    def export_age(self, seconds: float) -> None:
        return None

    def span(
        self, name: str, *, root: bool = False, inside: bool = False, **facts: str
    ) -> AbstractContextManager[Span]:
        return NO_SPAN


SILENT: Signals = Silent()


@dataclass(slots=True)
class TurnNote:
    """How the turn that is going on ends, as far as is known."""

    verb: str
    case_id: str = ""
    code: str = ""
    fault: str = ""

    @property
    def result(self) -> str:
        if self.fault:
            return "fault"
        return "refused" if self.code else "taken"


_turn: ContextVar[TurnNote | None] = ContextVar("turn", default=None)


def note_press(verb: str, case_id: str) -> None:
    """What the turn turned out to be."""
    if note := _turn.get():
        note.verb, note.case_id = verb, case_id


def note_refusal(code: str) -> None:
    if note := _turn.get():
        note.code = code


def note_fault(fault: str) -> None:
    """`fault`: the exception's class name."""
    if note := _turn.get():
        note.fault = fault


class turn_of:
    """One turn: what is noted inside it is counted at its end. A caller's own trace is not trusted,
    so each turn starts one. No generator: see `presses_first`.
    """

    def __init__(self, signals: Signals, verb: str) -> None:
        self._signals = signals
        self._note = TurnNote(verb)

    def __enter__(self) -> TurnNote:
        self._before = _turn.set(self._note)
        try:
            self._span = self._signals.span("turn", root=True)
            self._open = self._span.__enter__()
        except BaseException:
            self._ended()
            raise
        return self._note

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._tell(fault)
        finally:
            try:
                self._span.__exit__(kind, fault, trace)
            finally:
                self._ended()

    def _tell(self, fault: BaseException | None) -> None:
        note = self._note
        if fault is not None:
            note.fault = type(fault).__name__
            return
        self._open.set(verb=note.verb, result=note.result, case=note.case_id, code=note.code)
        if note.fault:
            self._open.failed(note.fault)

    def _ended(self) -> None:
        _turn.reset(self._before)
        self._signals.pressed(self._note.verb, self._note.result)
