"""A subject access pack: a folder for one child, for a person to read, redact and answer from."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from bot.desk.ports import AlreadyThere, Commit, Log, Rows, StoreUnavailable
from bot.desk.versions import Versions
from bot.domain.events import HistoryViewed, Recorded
from bot.domain.partnership import Partnership, Today
from bot.exchange.access_pack import about_alone, children_of, everything, notes_of
from bot.exchange.xlsx import workbook
from bot.records.finding import Found, Searched, referrals_of
from bot.records.people_then import PeopleThen, people_then
from cards import wording as w
from cards.case_note_json import note_json
from cards.context import View

ACCESS_REQUEST = "access_request"
_TRIES = 20
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Packed:
    """References: of what was written, and of referrals that cannot be found by an ID yet."""

    written: tuple[str, ...]
    to_follow: tuple[str, ...]


async def pack(
    rows: Rows,
    log: Log,
    partnership: Partnership,
    mosaic_id: str,
    folder: Path,
    *,
    who: str,
    now: dt.datetime,
) -> Packed:
    """Writes below `folder`, which must not exist yet. Each look is logged with `who` before
    anything is written. Raises StoreUnavailable and OSError.
    """
    searched = await referrals_of(rows, log, Versions(partnership, log), mosaic_id)
    for one in searched.found:
        await _look(log, one, who, now, partnership.version)
    if searched.found:
        people = await people_then(partnership, log)
        writing = _Writing(partnership, people, mosaic_id, folder, now)
        await asyncio.to_thread(writing.write, searched, who)
    return Packed(tuple(f.referral.reference for f in searched.found), searched.to_follow)


async def _look(log: Log, found: Found, who: str, now: dt.datetime, version: str) -> None:
    case_id = found.referral.case_id
    recorded = (Recorded(HistoryViewed(ACCESS_REQUEST), now, who),)
    for _ in range(_TRIES):
        n = (await log.load(case_id)).commits[-1].n + 1
        try:
            await log.append(Commit(case_id, n, now, who, recorded, configuration=version))
        except AlreadyThere:
            continue
        return
    raise StoreUnavailable("too many presses at once")


@dataclass(frozen=True, slots=True)
class _Writing:
    partnership: Partnership
    people: PeopleThen
    mosaic_id: str
    folder: Path
    now: dt.datetime

    def write(self, searched: Searched, who: str) -> None:
        self.folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
        self._put("READ ME.txt", f"{self._read_me(searched, who)}\n".encode())
        for one in searched.found:
            self._put_referral(one)

    def _read_me(self, searched: Searched, who: str) -> str:
        found = [f.referral for f in searched.found]
        refs = [r.reference for r in found]
        gone = [
            w.PACK_NOT_NAMED.format(ref=r.reference, mosaic_id=self.mosaic_id)
            for r in found
            if self.mosaic_id not in r.asked.mosaic_ids
        ]
        return w.PACK_READ_ME.format(
            mosaic_id=self.mosaic_id,
            day=w.whole_day(self.partnership.calendar.day_of(self.now)),
            who=who,
            found=w.count(len(refs), "referral"),
            refs=w.join(refs),
            files="\n".join(line for ref in refs for line in _files(ref)),
            searched="\n".join([*gone, to_follow_words(searched.to_follow)]),
        )

    def _put_referral(self, found: Found) -> None:
        referral = found.referral
        name = referral.reference
        last = found.commits[-1]
        view = self._view(found, last)
        self._put(f"{name}.txt", notes_of(referral, self.mosaic_id, view).encode())
        children = children_of(referral, self.mosaic_id)
        alone = about_alone(referral, self.mosaic_id)
        notes = [note_json(child, alone, view) for child in children]
        self._put(f"{name}.json", json.dumps(notes, ensure_ascii=False, indent=1).encode())
        told = [(r, self._view(found, c, r.at)) for c in found.commits for r in c.recorded]
        sheet = everything(referral, told)
        self._put(f"{name}.xlsx", workbook([sheet], [], title=name, created=view.now))

    def _view(self, found: Found, commit: Commit, at: dt.datetime | None = None) -> View:
        """With what the referral was opened under and the people of the commit."""
        opened = self.partnership.as_opened(found.referral.configuration)
        then = self.people.partnership(opened, at or commit.at, commit.configuration)
        return View(then, Today(), self.now)

    def _put(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.touch(mode=_PRIVATE_FILE)
        path.write_bytes(data)


def to_follow_words(references: tuple[str, ...]) -> str:
    """How many referrals cannot be found by ID, and which."""
    if not references:
        return w.PACK_NONE_TO_FOLLOW
    return w.PACK_TO_FOLLOW.format(
        n=w.count(len(references), "referral has", "referrals have"), refs=w.join(references)
    )


def _files(ref: str) -> list[str]:
    return [f"- {ref}.{kind} {words}" for kind, words in w.PACK_FILES.items()]
