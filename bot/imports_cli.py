"""`python app.py survey import FILE` and its like: what they understand and how they end."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import Protocol

from bot import configuration
from bot.exchange.importing import Brought, Kind
from bot.exchange.reading import Unreadable
from bot.exchange.sentences import outcome_lines, sentence
from bot.exchange.text import MOST_BYTES
from bot.importing import bring
from bot.opening import config_or_default, opened, store_or_default
from bot.progress import progress_bar
from bot.store.tallies import TableTallies
from cards import wording as w


class Commands(Protocol):
    """What argparse gives for adding commands to."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...


WELL, SOME_BAD, UNREADABLE = 0, 1, 64
_BAD_TOLD = 20

KINDS: dict[str, tuple[Kind, ...]] = {
    "calls": ("calls", "teams_calls"),
    "survey": ("survey",),
    "baseline": ("baseline",),
}
_HELP = {
    "calls": "the phone line's report",
    "survey": "replies to the survey form",
    "baseline": "figures from before the duty team",
}


def add_parsers(commands: Commands) -> None:
    for name, what in _HELP.items():
        parser = commands.add_parser(name, help=f"take in {what}")
        actions = parser.add_subparsers(dest="action", required=True)
        taking = actions.add_parser("import", help=f"take in {what} from a CSV file")
        taking.add_argument("file", type=Path)
        taking.add_argument("--store")
        taking.add_argument("--config", type=Path)
        taking.add_argument("--all", action="store_true", help="tell every bad row")


def _data(path: Path) -> bytes | None:
    """Never more than one byte over what is read, however large the file."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError:
        return None


async def take_in(arguments: argparse.Namespace) -> int:
    partnership = configuration.load(config_or_default(arguments.config))
    data = await asyncio.to_thread(_data, arguments.file)
    name = arguments.file.name
    if data is None:
        print(w.IMPORT_CANNOT_OPEN.format(name=name), file=sys.stderr)
        return UNREADABLE
    async with opened(store_or_default(arguments.store)) as rows:
        with (
            progress_bar(w.IMPORT_WORK["reading"]) as reading,
            progress_bar(w.IMPORT_WORK["keeping"]) as keeping,
        ):
            found = await bring(
                data,
                partnership,
                TableTallies(rows),
                dt.datetime.now(dt.UTC),
                among=KINDS[arguments.command],
                reading=reading,
                keeping=keeping,
            )
    return _told(found, name, most=None if arguments.all else _BAD_TOLD)


def _told(found: Brought | Unreadable, name: str, *, most: int | None) -> int:
    if isinstance(found, Unreadable):
        print(f"{name}: {sentence(found)}", file=sys.stderr)
        return UNREADABLE
    print("\n".join(outcome_lines(found, name, most=most)))
    return SOME_BAD if found.bad else WELL
