"""`python app.py run` and `rehearse`: the desk to act at, and a scenario acted out."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import configuration, settings
from bot.configuration import ConfigurationError
from bot.rehearsal import moves, player, results, scenario
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.desk_page import add_page
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.strangers import strangers_of
from bot.until_told import until_told


async def run(arguments: argparse.Namespace) -> int:
    _ports_free(arguments.port, arguments.bot_port)
    partnership = configuration.load(arguments.config)
    rehearsal = Rehearsal(
        store=arguments.store,
        partnership=partnership,
        clock=RehearsalClock(running=True),
        bot_port=arguments.bot_port,
        desk_port=arguments.port,
        strangers=strangers_of(partnership),
    )
    await asyncio.to_thread(_start_empty, arguments.store)
    page = add_page(rehearsal)
    await rehearsal.start()
    page.start()
    print(f"Rehearsal desk: {rehearsal.base}  (stop with Ctrl+C)", flush=True)
    await until_told()
    await page.stop()
    await rehearsal.stop()
    return 0


async def rehearse(arguments: argparse.Namespace) -> int:
    file = scenario.read(arguments.file)
    scenario.check_names(file, {*moves.MOVES, *moves.BOT_EVENTS})
    if arguments.store:
        _must_be_new(arguments.store)
    if arguments.json and not arguments.json.parent.is_dir():
        raise ConfigurationError(f"--json: {arguments.json.parent} is no folder")
    with tempfile.TemporaryDirectory(prefix="front-door-") as folder:
        store = arguments.store or str(Path(folder) / "rehearsal.db")
        tell = _progress(watch=arguments.watch)
        report = await player.Player(file, store=store, tell=tell).run()
    if not arguments.watch:
        print("\n".join(report.transcript))
    if arguments.json:
        results.write_json(arguments.json, report.result)
    print("\n".join(["", *report.burden]))
    for line in report.differences:
        print(f"DIFFERENT  {line}")
    for kind, count in sorted(report.not_playable.items()):
        print(f"NOT YET PLAYABLE  {kind} ({count})")
    print(json.dumps({"events": report.events, "differences": len(report.differences)}))
    return report.exit_code


def _progress(*, watch: bool) -> Callable[[str], None]:
    count = 0

    def tell(line: str) -> None:
        nonlocal count
        count += 1
        if watch:
            print(line, flush=True)
        elif sys.stderr.isatty():
            print(f"\r{count} events", end="", file=sys.stderr, flush=True)

    return tell


def _ports_free(*ports: int) -> None:
    """Before anything is touched: another desk may be running. Raises OSError."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def _start_empty(store: str) -> None:
    """The simulated Teams forgets between runs, so its store starts empty: the desk's own file is
    emptied, and any other must not exist yet.
    """
    if store == settings.DESK_STORE:
        for suffix in ("", "-wal", "-shm"):
            Path(store + suffix).unlink(missing_ok=True)
    else:
        _must_be_new(store)


def _must_be_new(store: str) -> None:
    if not settings.is_connection_string(store) and Path(store).exists():
        raise ConfigurationError(f"--store: {store} already exists; name a new file")
