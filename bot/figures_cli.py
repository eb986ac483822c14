"""`python app.py stats`: the figures of a period as words, JSON, a spreadsheet or a picture."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

from bot import configuration
from bot.assemble import SystemClock
from bot.configuration import ConfigurationError
from bot.desk.people_seen import recall
from bot.desk.roster import take_in_roster
from bot.desk.stats import Stats
from bot.desk.versions import Versions
from bot.domain.baseline_figures import Comparison
from bot.domain.breakdown import BY, Breakdown, breakdown_of
from bot.domain.measures import Report
from bot.domain.partnership import Partnership, Today
from bot.domain.periods import Period, current_test, read_period
from bot.exchange.report_json import breakdown_json, comparison_json, report_json
from bot.opening import config_or_default, opened, store_or_default
from bot.progress import progress_bar
from bot.settings import is_a_file
from bot.store.log import TableLog
from bot.store.tallies import TableTallies
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide
from cards.plain import breakdown_text, comparison_text, report_text


class _At:
    """A clock that stands at one instant."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at

    def now(self) -> dt.datetime:
        return self._at


def add_stats(commands: argparse._SubParsersAction[Any]) -> None:
    stats = commands.add_parser("stats", help="the figures of a week or a test")
    which = stats.add_mutually_exclusive_group()
    which.add_argument("--week", metavar="2026-W48", help="a week, or any day in it; else this one")
    which.add_argument("--test", metavar="first", help="first or second: all days of that test")
    stats.add_argument("--by", choices=BY, help="the figures split")
    stats.add_argument("--compare", action="store_true", help="the time before, beside the test")
    stats.add_argument("--json", action="store_true", help="as JSON, on standard output")
    stats.add_argument("--xlsx", type=Path, metavar="FILE", help="a spreadsheet")
    stats.add_argument("--csv", type=Path, metavar="FILE", help="every figure as CSV")
    stats.add_argument("--referrals", type=Path, metavar="FILE", help="a line a referral, as CSV")
    stats.add_argument("--png", type=Path, metavar="FILE", help="the week on a page")
    stats.add_argument("--share", action="store_true", help="with small numbers hidden")
    stats.add_argument("--clock", metavar="TIME", help="rehearsal: take this for the time now")
    stats.add_argument("--store", help="file, connection string or account")
    stats.add_argument("--config", type=Path)


def _instant(text: str | None) -> dt.datetime:
    if not text:
        return SystemClock().now()
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except ValueError:
        raise ConfigurationError(f"--clock: {text} is no time; write 2026-11-27T16:00Z") from None


def _period(arguments: argparse.Namespace, partnership: Partnership, now: dt.datetime) -> Period:
    today = partnership.calendar.day_of(now)
    if arguments.test:
        words = f"{arguments.test.removesuffix('_test').removesuffix(' test')} test"
        if found := read_period(words, today, partnership):
            return found
        raise ConfigurationError(f"--test: no test is called {arguments.test}; try first or second")
    if arguments.compare and not arguments.week:
        if found := current_test(partnership, today):
            return found
        raise ConfigurationError("--compare: no test is set up")
    found = read_period(arguments.week or "", today, partnership)
    if found is None or found.kind != "week":
        raise ConfigurationError(
            f"--week: {arguments.week} is no week; write 2026-W48 or 2026-11-24"
        )
    return found


def _check(arguments: argparse.Namespace) -> None:
    if arguments.share and (arguments.referrals or arguments.compare or arguments.test):
        raise ConfigurationError(
            "--share: weeks only; not a line a referral, before and after, or a test, which beside"
            " its weeks would show small numbers"
        )
    if arguments.png and arguments.test:
        raise ConfigurationError("--png: the picture is passed on, so it is of a week only")
    for option in ("xlsx", "csv", "referrals", "png"):
        path: Path | None = getattr(arguments, option)
        if path and not path.parent.is_dir():
            raise ConfigurationError(f"--{option}: {path.parent} is no folder")
    if is_a_file(arguments.store) and not Path(arguments.store).is_file():
        raise ConfigurationError(f"--store: there is no file {arguments.store}")


async def run(arguments: argparse.Namespace) -> int:
    """0 when done. Wrong use raises ConfigurationError."""
    arguments.store = store_or_default(arguments.store)
    await asyncio.to_thread(_check, arguments)
    partnership = configuration.load(config_or_default(arguments.config))
    now = _instant(arguments.clock)
    period = _period(arguments, partnership, now)
    async with opened(arguments.store) as rows:
        log = TableLog(rows)
        await recall(partnership, log)
        await take_in_roster(partnership, log)
        await Versions(partnership, log).load()
        stats = Stats(partnership, log, TableTallies(rows), _At(now), pulse_of_today=True)
        report = await stats.report(period)
        comparison = await stats.comparison(period) if _wants_comparison(arguments) else None
    view = View(partnership, Today(), now)
    written = await _write(arguments, report, view, comparison)
    if arguments.json or not written:
        print(_told(arguments, report, view, comparison))
    return 0


def _hide(arguments: argparse.Namespace) -> Hide:
    return Hide.TO_SHARE if arguments.share else Hide.NOTHING


def _wants_comparison(arguments: argparse.Namespace) -> bool:
    return bool(arguments.compare or (arguments.xlsx and not arguments.share))


async def _write(
    arguments: argparse.Namespace, report: Report, view: View, comparison: Comparison | None
) -> bool:
    """Whether any file was asked for, and written."""
    from bot.exchange import files

    hide = _hide(arguments)
    made: list[tuple[Path, files.File]] = []
    if arguments.xlsx:
        with progress_bar(w.CLI_WORK) as tell:
            workbook = await files.excel_file(
                report, view, hide=hide, comparison=comparison, progress=tell
            )
        made.append((arguments.xlsx, workbook))
    if arguments.csv:
        made.append((arguments.csv, await files.csv_file(report, view, hide=hide)))
    if arguments.referrals:
        made.append((arguments.referrals, await files.referrals_csv_file(report, view)))
    if arguments.png:
        made.append((arguments.png, await files.picture_file(report, view)))
    for path, file in made:
        await asyncio.to_thread(path.write_bytes, file.data)
        if not arguments.json:
            print(w.CLI_WRITTEN.format(path=path))
    return bool(made)


def _told(
    arguments: argparse.Namespace, report: Report, view: View, comparison: Comparison | None
) -> str:
    split = breakdown_of(report.facts, arguments.by) if arguments.by else None
    if arguments.json:
        return json.dumps(_data(report, view, split, comparison, hide=_hide(arguments)), indent=2)
    parts = [report_text(report, view, hide=_hide(arguments))]
    if split:
        parts.append(breakdown_text(split, view, hide=_hide(arguments)))
    if arguments.compare and comparison:
        parts = [comparison_text(comparison, view)]
    return "\n\n".join(parts)


def _data(
    report: Report,
    view: View,
    split: Breakdown | None,
    comparison: Comparison | None,
    *,
    hide: Hide,
) -> dict[str, object]:
    data = report_json(report, view, hide=hide)
    if split:
        data[f"by_{split.by}"] = breakdown_json(split, view, hide=hide)
    if comparison:
        data["before_and_after"] = comparison_json(comparison)
    return data
