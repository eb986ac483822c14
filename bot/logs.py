"""JSON log lines: a constant message with ids as fields. Never a name, a body or a card."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bot.configuration import ConfigurationError

_log = logging.getLogger("frontdoor.loop")

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
_QUIET = {
    "azure": logging.WARNING,
    "msal": logging.WARNING,
    "msrest": logging.ERROR,
    "opentelemetry": logging.WARNING,
}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "name": record.name,
            "message": _constant(record.msg),
            **{k: v for k, v in record.__dict__.items() if k not in _STANDARD},
        }
        if record.exc_info and record.exc_info[0]:
            line["fault_type"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _constant(message: object) -> str:
    """The first line: what others add below it, asyncio foremost, holds values."""
    return message.partition("\n")[0] if isinstance(message, str) else type(message).__name__


def _where(record: logging.LogRecord) -> list[str]:
    """File and line of each frame: a stack without values, which may hold people's words."""
    frames = []
    step = record.exc_info[2] if record.exc_info else None
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return frames[-12:]


_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def log_level(name: str) -> int:
    """The level of that name; empty for warnings and worse. Raises ConfigurationError."""
    if name and name not in _LEVELS:
        raise ConfigurationError(f"FRONT_DOOR_LOG_LEVEL: expected one of {', '.join(_LEVELS)}")
    return logging.getLevelNamesMapping()[name or "WARNING"]


def configure_logs(level: int = logging.WARNING) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def run_loop(work: Coroutine[Any, Any, int]) -> int:
    """As `asyncio.run`; a fault that nobody waited for is told without its words."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(_tell_lost)
        return runner.run(work)


def _tell_lost(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What asyncio would write holds the fault's text and what its callback was given."""
    _log.error("loop.fault", exc_info=context.get("exception"), extra={"of": _whose(context)})


def _whose(context: Mapping[str, Any]) -> str:
    """The coroutine of a task; else of which types the things are that the fault is about."""
    task = context.get("future") or context.get("task")
    if isinstance(task, asyncio.Task):
        return str(getattr(task.get_coro(), "__qualname__", ""))
    return " ".join(type(v).__name__ for k, v in context.items() if k != "message")


def also_in_each_line(facts: Callable[[], Mapping[str, str]]) -> Callable[[], None]:
    """Adds what `facts` gives to each line from now on. Returns what ends that."""

    def add(record: logging.LogRecord) -> bool:
        record.__dict__.update(facts())
        return True

    handlers = list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(add)

    def end() -> None:
        for handler in handlers:
            handler.removeFilter(add)

    return end
