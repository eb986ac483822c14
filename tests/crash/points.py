"""Where a coroutine of the bot waits, and where it goes on: the places a process can die.

A point is a wait of the bot's own code, named by the lines that led to it and by what is waited
for, and one of two moments: `asked` (the wait begins: a request may be on its way) and `answered`
(what was waited for has come, and nothing has been done with it yet).
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_OURS = f"{ROOT}/bot/"
_NOT_OURS = f"{ROOT}/bot/rehearsal/"
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
ASKED, ANSWERED = "asked", "answered"


class Points:
    """A profile function for the loop's thread. Writes each point to `file` as it is passed, and
    kills the process (SIGKILL) at the `times`-th passing of `wanted`.
    """

    def __init__(self, file: Path, wanted: str, times: int) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._wanted, self._left = wanted, times
        self._future: object = None
        self._name = ""
        self._outermost: FrameType | None = None
        self._waiting: dict[FrameType, str] = {}
        self._known: dict[CodeType, bool] = {}

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        if not frame.f_code.co_flags & _COROUTINE:
            return
        if event == "return" and asyncio.isfuture(arg):
            self._suspended(frame, arg)
        elif event == "call" and frame in self._waiting:
            self._passed(f"{self._waiting.pop(frame)} {ANSWERED}")

    def _ours(self, code: CodeType) -> bool:
        known = self._known.get(code)
        if known is None:
            name = code.co_filename
            known = name.startswith(_OURS) and not name.startswith(_NOT_OURS)
            self._known[code] = known
        return known

    def _suspended(self, frame: FrameType, future: object) -> None:
        """Frames give way from the inside out, each with the same future."""
        if future is not self._future:
            self._future, self._outermost = future, None
            self._name = frame.f_code.co_qualname
        if not self._ours(frame.f_code):
            return
        if self._outermost is None:
            self._name = f"{self._lines(frame)} waits in {self._name}"
            self._passed(f"{self._name} {ASKED}")
        else:
            self._waiting.pop(self._outermost, None)
        self._outermost = frame
        self._waiting[frame] = self._name

    def _lines(self, frame: FrameType | None) -> str:
        found = []
        while frame is not None:
            if self._ours(frame.f_code) and frame.f_code.co_flags & _COROUTINE:
                found.append(f"{frame.f_code.co_filename[len(_OURS) :]}:{frame.f_lineno}")
            frame = frame.f_back
        return " < ".join(found)

    def _passed(self, point: str) -> None:
        os.write(self._out, f"{point}\n".encode())
        if point == self._wanted:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
