"""`python app.py export` and `restore`: the record to files apart from it, and back."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot import configuration
from bot.archive import opened_archive, places_or_environment
from bot.configuration import ConfigurationError
from bot.desk.ports import Rows
from bot.opening import config_or_default, open_rows, opened, settings_for, store_or_default
from bot.records.open_list import OpenList, derive
from bot.settings import is_a_file
from bot.store.export import Exported, export, lists, moment_of, restore
from bot.store.log import TableLog
from bot.store.restoring import Restored, being_restored, is_empty

WELL, NOT_WHOLE = 0, 1


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    exporting = commands.add_parser("export", help="write what changed to the export")
    add_places(exporting)
    restoring = commands.add_parser("restore", help="an export into an empty store")
    add_places(restoring)
    restoring.add_argument("--at", metavar="2026-11-24", help="the last export of that day or time")
    restoring.add_argument("--list", action="store_true", help="what can be restored")
    restoring.add_argument("--config", type=Path)


def add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", help="file, connection string or account")
    parser.add_argument("--files", help="folder or container of the export (FRONT_DOOR_EXPORT)")
    parser.add_argument("--keys", help="folder or container of its keys (FRONT_DOOR_KEYS)")


def must_be_there(store: str) -> None:
    if is_a_file(store) and not Path(store).is_file():
        raise ConfigurationError(f"--store: there is no file {store}")


async def run_export(arguments: argparse.Namespace) -> int:
    files, keys = _needed_places(arguments)
    store = store_or_default(arguments.store)
    await asyncio.to_thread(must_be_there, store)
    async with opened_archive(files, keys) as archive, opened(store) as rows:
        done = await export(rows, archive.files, archive.keys, dt.datetime.now(dt.UTC))
    _tell_exported(done)
    return WELL


def _tell_exported(done: Exported) -> None:
    print(f"Exported {done.rows} rows: {done.written} of {done.files} files are new.")
    if done.left_out:
        print(f"Words of {done.left_out} rows were erased meanwhile and left out.")


def _needed_places(arguments: argparse.Namespace) -> tuple[str, str]:
    files, keys = places_or_environment(arguments.files, arguments.keys)
    if not files or not keys:
        raise ConfigurationError("--files and --keys: where the export and its keys lie")
    return files, keys


async def run_restore(arguments: argparse.Namespace) -> int:
    """1 where words could not be restored for want of a key nobody destroyed."""
    files, keys = _needed_places(arguments)
    async with opened_archive(files, keys) as archive:
        names = await lists(archive.files)
        if arguments.list:
            print("\n".join(f"{moment_of(name):%Y-%m-%d %H:%M:%S} UTC" for name in names))
            return WELL
        name = _chosen(names, arguments.at)
        partnership = configuration.load(config_or_default(arguments.config))
        found = OpenList()
        async with _empty_or_half_restored(store_or_default(arguments.store), name) as rows:

            async def derived() -> None:
                nonlocal found
                found = await derive(rows, TableLog(rows), partnership)

            done = await restore(rows, archive.files, archive.keys, name, derived)
    _tell_restored(done, found)
    return NOT_WHOLE if done.lost else WELL


@asynccontextmanager
async def _empty_or_half_restored(store: str, name: str) -> AsyncIterator[Rows]:
    """A store with nothing in it but what a restore of the same list has written."""
    rows = open_rows(store, settings_for(store))
    try:
        await rows.start()
        begun = await being_restored(rows)
        if begun and begun != name:
            raise ConfigurationError(
                f"--at: the restore of {moment_of(begun):%Y-%m-%dT%H:%M:%S} into this store has"
                " not ended; end that one, or restore into a new store"
            )
        if not begun and not await is_empty(rows):
            raise ConfigurationError("--store: it is not empty; restore into a new one")
        yield rows
    finally:
        await rows.close()


def _tell_restored(done: Restored, found: OpenList) -> None:
    count = ", ".join(f"{n} {table}" for table, n in sorted(done.rows.items()))
    print(f"Restored the export of {done.at:%Y-%m-%d %H:%M:%S} UTC: {count}.")
    if done.erased:
        print(f"Words of {done.erased} rows were erased since and stay erased.")
    if done.logged:
        print(f"{done.logged} erasures from after the export are in the log again.")
    if done.untold:
        print(
            f"{done.untold} destroyed keys do not say what went: figures of those referrals may"
            " differ from before.",
            file=sys.stderr,
        )
    print(
        f"Figures and the open list were made again from the log: {found.referrals} referrals,"
        f" {found.listed} on the open list ({found.added} added, {found.removed} that have no"
        " commits taken off)."
    )
    if done.lost:
        print(f"Words of {done.lost} rows have no key: look for the right --keys.", file=sys.stderr)


def _chosen(names: list[str], at: str | None) -> str:
    """The newest, or the last one whose moment starts with `at`."""
    fitting = [n for n in names if not at or f"{moment_of(n):%Y-%m-%dT%H:%M:%S}".startswith(at)]
    if not fitting:
        raise ConfigurationError("--at: no export of then; --list shows what there is")
    return fitting[-1]


RUN = {"export": run_export, "restore": run_restore}
