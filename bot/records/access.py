"""A subject access pack: a folder for one child, for a person to read, redact and answer from."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

from bot.desk.ports import AlreadyThere, Commit, Log, Rows, StoreUnavailable
from bot.desk.versions import Versions
from bot.domain.events import HistoryViewed, Recorded
from bot.domain.partnership import Partnership, Today
from bot.exchange.access_pack import everything, notes_of
from bot.exchange.xlsx import workbook
from bot.records.finding import Found, referrals_of
from cards import wording as w
from cards.case_note_json import note_json
from cards.context import View

_TRIES = 20
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


async def pack(
    rows: Rows,
    log: Log,
    partnership: Partnership,
    mosaic_id: str,
    folder: Path,
    *,
    who: str,
    now: dt.datetime,
) -> list[str]:
    """References of the referrals written below `folder`, which must not exist yet. Each look is
    logged with `who` before anything is written. Raises StoreUnavailable and OSError.
    """
    found = await referrals_of(rows, log, Versions(partnership, log), mosaic_id)
    for one in found:
        await _look(log, one, who, now)
    if found:
        await asyncio.to_thread(_write, found, partnership, mosaic_id, folder, who, now)
    return [f.referral.reference for f in found]


async def _look(log: Log, found: Found, who: str, now: dt.datetime) -> None:
    case_id = found.referral.case_id
    recorded = (Recorded(HistoryViewed(), now, who),)
    for _ in range(_TRIES):
        n = (await log.load(case_id)).commits[-1].n + 1
        try:
            await log.append(Commit(case_id, n, now, who, recorded))
        except AlreadyThere:
            continue
        return
    raise StoreUnavailable("too many presses at once")


def _write(
    found: list[Found],
    partnership: Partnership,
    mosaic_id: str,
    folder: Path,
    who: str,
    now: dt.datetime,
) -> None:
    view = View(partnership, Today(), now)
    folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
    refs = [f.referral.reference for f in found]
    words = w.PACK_READ_ME.format(
        mosaic_id=mosaic_id,
        day=w.whole_day(view.day()),
        who=who,
        n=len(found),
        refs=w.join(refs),
    )
    _put(folder / "READ ME.txt", f"{words}\n".encode())
    for one in found:
        opened = replace(view, partnership=partnership.as_opened(one.referral.configuration))
        _put_referral(one, opened, mosaic_id, folder)


def _put_referral(found: Found, view: View, mosaic_id: str, folder: Path) -> None:
    referral = found.referral
    name = referral.reference
    _put(folder / f"{name}.txt", notes_of(referral, mosaic_id, view).encode())
    children = [note_json(child, referral, view) for child in referral.asked.children]
    _put(folder / f"{name}.json", json.dumps(children, ensure_ascii=False, indent=1).encode())
    sheet = everything(referral, found.recorded, view)
    _put(folder / f"{name}.xlsx", workbook([sheet], [], title=name, created=view.now))


def _put(path: Path, data: bytes) -> None:
    path.touch(mode=_PRIVATE_FILE)
    path.write_bytes(data)
