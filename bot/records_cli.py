"""Commands that let the record go, and show it: retention, subject-access, audit."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from bot import configuration
from bot.archive import open_blobs, opened_archive, places_or_environment
from bot.configuration import ConfigurationError
from bot.desk.people_seen import recall
from bot.desk.ports import Rows
from bot.desk.roster import take_in_roster
from bot.desk.versions import Versions
from bot.domain.partnership import Partnership
from bot.export_cli import add_places, must_be_there
from bot.opening import config_or_default, opened, settings_for, store_or_default
from bot.records import access, audit
from bot.records.audit_files import write_entries
from bot.records.certificate import Certificate
from bot.records.retention import BadPlan, Plan, Retention, read_plan
from bot.settings import is_local_store
from bot.store.erasing import Erasing
from bot.store.export import exported_to, fingerprint
from bot.store.keys import Keys
from bot.store.log import TableLog
from cards import wording as w

WELL, NOT_WHOLE = 0, 1


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    retention = commands.add_parser("retention", help="erase people's words after the period")
    add_places(retention)
    _config(retention)
    what = retention.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", type=Path, metavar="FILE", help="write what would go")
    what.add_argument("--erase", type=Path, metavar="FILE", help="erase what this plan says")
    retention.add_argument(
        "--also-keys", action="append", metavar="PLACE", help="keys of another export of this store"
    )
    retention.add_argument("--by", default="", help="who looked at the plan and runs this")
    retention.add_argument("--certificate", type=Path, metavar="FILE", help="write it here")
    accessing = commands.add_parser("subject-access", help="a pack for one child")
    accessing.add_argument("mosaic_id", metavar="MOSAIC_ID")
    accessing.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder")
    accessing.add_argument("--by", required=True, help="who asked for the pack; it is logged")
    accessing.add_argument("--store", help="file, connection string or account")
    _config(accessing)
    auditing = commands.add_parser("audit", help="who did what, without anybody's words")
    auditing.add_argument("--from", dest="first", required=True, metavar="2026-11-24")
    auditing.add_argument("--to", dest="last", required=True, metavar="2026-11-26")
    auditing.add_argument("--out", type=Path, required=True, metavar="FILE", help=".csv or .jsonl")
    auditing.add_argument("--by", required=True, help="who asked for it; it is kept")
    auditing.add_argument("--store", help="file, connection string or account")
    _config(auditing)


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path)
    parser.add_argument("--clock", metavar="TIME", help="rehearsal: take this for the time now")


def _now(arguments: argparse.Namespace) -> dt.datetime:
    if not getattr(arguments, "clock", None):
        return dt.datetime.now(dt.UTC)
    if not is_local_store(store_or_default(arguments.store)):
        raise ConfigurationError("--clock: for a rehearsal's store on this machine only")
    try:
        return dt.datetime.fromisoformat(arguments.clock).astimezone(dt.UTC)
    except ValueError:
        raise ConfigurationError("--clock: write 2026-11-27T16:00Z") from None


# Retention -----------------------------------------------------------------------------


async def run_retention(arguments: argparse.Namespace) -> int:
    """1 where something on the plan could not be erased."""
    now = _now(arguments)
    async with _records(arguments) as (rows, keys, partnership):
        work = Retention(rows, TableLog(rows), partnership, Erasing(rows, keys), now)
        await asyncio.to_thread(_can_write, arguments.plan or arguments.certificate)
        if arguments.plan:
            plan = await work.plan()
            await asyncio.to_thread(_write_json, arguments.plan, plan.dumped())
            _tell_plan(plan, arguments.plan)
            return WELL
        if missing := await _exports_without_keys(rows, keys):
            raise ConfigurationError(
                f"--keys: this store is exported, and the keys of {missing} of its exports are not"
                " given: without them the words would stay in the export. Name each place: --keys,"
                " and --also-keys for any other"
            )
        if not arguments.by.strip():
            raise ConfigurationError("--by: say who looked at the plan and runs this")
        if arguments.certificate is None:
            raise ConfigurationError("--certificate: say where to write what went")
        plan = await asyncio.to_thread(_plan_of, arguments.erase, now)
        code = await _erase(work, plan, arguments, now)
        if await _exports_without_keys(rows, keys):
            print("Left: an export that began meanwhile. Plan and erase again, with its keys.")
            code = NOT_WHOLE
        return code


async def _exports_without_keys(rows: Rows, keys: Sequence[Keys]) -> int:
    """How many exports of this store have keys that were not given."""
    given = {await fingerprint(each) for each in keys}
    return len(await exported_to(rows) - given)


@asynccontextmanager
async def _records(
    arguments: argparse.Namespace,
) -> AsyncIterator[tuple[Rows, Sequence[Keys], Partnership]]:
    partnership = configuration.load(config_or_default(arguments.config))
    store = store_or_default(arguments.store)
    await asyncio.to_thread(must_be_there, store)
    async with AsyncExitStack() as stack:
        rows = await stack.enter_async_context(opened(store))
        log = TableLog(rows)
        await recall(partnership, log)
        await take_in_roster(partnership, log)
        await Versions(partnership, log).load()
        files, keys = places_or_environment(
            getattr(arguments, "files", None), getattr(arguments, "keys", None)
        )
        found = []
        if files or keys:
            found.append((await stack.enter_async_context(opened_archive(files, keys))).keys)
        for place in getattr(arguments, "also_keys", None) or ():
            blobs = open_blobs(place, settings_for(place))
            stack.push_async_callback(blobs.close)
            await blobs.start()
            found.append(Keys(blobs))
        yield rows, found, partnership


def _plan_of(path: Path, now: dt.datetime) -> Plan:
    try:
        return read_plan(path.read_text(encoding="utf-8"), now)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"--erase: {path} cannot be read") from error
    except BadPlan as error:
        raise ConfigurationError(f"--erase: {error}") from None


async def _erase(
    work: Retention, plan: Plan, arguments: argparse.Namespace, now: dt.datetime
) -> int:
    certificate = Certificate(
        f"ERASE-{now:%Y%m%d}-{uuid.uuid4().hex[:8]}",
        arguments.by.strip(),
        now.isoformat(),
        plan.words_days_after_closing,
    )
    await work.erase(plan, certificate)
    whole = certificate.dumped()
    await asyncio.to_thread(_write_json, arguments.certificate, whole)
    rows = sum(erased.rows for erased in certificate.erased)
    print(
        f"{certificate.id}: erased the words of {len(certificate.erased)} referrals"
        f" ({rows} entries), {len(certificate.comments)} weeks or days of comments and"
        f" {certificate.refused_presses} refused presses. Certificate: {arguments.certificate}"
    )
    for left in certificate.left:
        print(f"Left: {left['reference']} ({left['because']})")
    return NOT_WHOLE if certificate.left else WELL


def _tell_plan(plan: Plan, path: Path) -> None:
    days = plan.words_days_after_closing
    print(f"Words are kept for {days} days after closing. Nothing was erased.")
    print(f"Due: {len(plan.due)} referrals, {len(plan.comments)} weeks or days of comments.")
    for line in plan.due:
        print(f"  {line.reference}  {line.state} on {line.ended_on}, due since {line.due_on}")
    print(f"On legal hold: {', '.join(plan.held) or 'none'}.")
    print(f"Not due yet: {plan.later}. Not ended: {plan.open}. Gone already: {plan.gone}.")
    print(f"Look at it, then: python app.py retention --erase {path} --by NAME --certificate FILE")


def _can_write(path: Path | None) -> None:
    """Before anything is done: what was done must be written down."""
    if path and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise ConfigurationError(f"{path}: {path.parent} is no folder that can be written to")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# Access and audit ----------------------------------------------------------------------


async def run_access(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.out
    if not arguments.by.strip():
        raise ConfigurationError("--by: say who asked for the pack")
    if await asyncio.to_thread(folder.exists):
        raise ConfigurationError(f"--out: {folder} is there already; name a new folder")
    async with _records(arguments) as (rows, _, partnership):
        who = _by(arguments)
        packed = await access.pack(
            rows,
            TableLog(rows),
            partnership,
            arguments.mosaic_id.strip(),
            folder,
            who=who,
            now=_now(arguments),
        )
    if not packed.written:
        print(f"No referral names {arguments.mosaic_id}. Nothing was written.")
        print(access.to_follow_words(packed.to_follow))
        return NOT_WHOLE
    print(f"{folder}: {w.join(packed.written)}. Read READ ME.txt first.")
    print(access.to_follow_words(packed.to_follow))
    return WELL


def _by(arguments: argparse.Namespace) -> str:
    """Never to be taken for a person's id in the log."""
    return w.COMMAND_LINE_BY.format(who=arguments.by.strip()[:60])


async def run_audit(arguments: argparse.Namespace) -> int:
    if not arguments.by.strip():
        raise ConfigurationError("--by: say who asked for the audit")
    try:
        first, last = (dt.date.fromisoformat(d) for d in (arguments.first, arguments.last))
    except ValueError:
        raise ConfigurationError("--from and --to: write 2026-11-24") from None
    async with _records(arguments) as (rows, _, partnership):
        await audit.leave_trace(rows, _by(arguments), first, last, _now(arguments))
        found = await audit.entries(rows, TableLog(rows), partnership, first, last)
        await asyncio.to_thread(write_entries, arguments.out, found)
    print(f"{arguments.out}: {len(found)} entries.")
    return WELL


RUN = {
    "retention": run_retention,
    "subject-access": run_access,
    "audit": run_audit,
}
