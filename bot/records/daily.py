"""The export of each day, by whichever replica claims it first. Never on the way of a press."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from bot.desk.ports import AlreadyThere, Changed, Clock, Row, Rows, StoreUnavailable
from bot.domain.working_time import Calendar
from bot.store.archive import Archive
from bot.store.export import export, lists, moment_of
from bot.store.sealing import BadExport

_log = logging.getLogger("frontdoor.export")

_LOOK_EVERY_S = 60.0
_TAKE_OVER_AFTER = dt.timedelta(hours=1)
_PARTITION = "exports"


class DailyExport:
    def __init__(
        self,
        rows: Rows,
        archive: Archive,
        clock: Clock,
        calendar: Calendar,
        export_at: dt.time,
        told_age_s: Callable[[float], None],
    ) -> None:
        """`export_at` is local. `told_age_s` hears how old the newest export is, in seconds."""
        self._rows = rows
        self._archive = archive
        self._started = False
        self._clock = clock
        self._calendar = calendar
        self._export_at = export_at
        self._told_age_s = told_age_s
        self._done: dt.date | None = None
        self._began: dt.datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        """An export that is cut off is finished by the next: files are named by their content."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _loop(self) -> None:
        while True:
            try:
                await self.look()
            except (StoreUnavailable, BadExport) as error:
                _log.error("export.failed", extra={"fault": type(error).__name__})
            except Exception:  # noqa: BLE001 - the job boundary: one bad look must not end looking
                _log.exception("export.fault")
            await asyncio.sleep(_LOOK_EVERY_S)

    async def look(self) -> bool:
        """Exports if today's is due and nobody has it. Raises StoreUnavailable and BadExport."""
        now = self._clock.now()
        self._began = self._began or now
        try:
            if not self._started:
                await self._archive.start()
                self._started = True
            ran = await self._run_if_due(now)
            await self._tell(now)
        except (StoreUnavailable, BadExport):
            await self._tell_unreached(now)
            raise
        return ran

    async def _run_if_due(self, now: dt.datetime) -> bool:
        day = self._calendar.day_of(now)
        if self._done == day or self._calendar.local(now).time() < self._export_at:
            return False
        return await self._run(day, now)

    async def _run(self, day: dt.date, now: dt.datetime) -> bool:
        claim = await self._claim(day, now)
        if claim is None:
            return False
        done = await export(self._rows, self._archive.files, self._archive.keys, now)
        await self._rows.put(_claim_row(day, now, done=True))
        self._done = day
        _log.info("export.done", extra={"rows": done.rows, "new_files": done.written})
        return True

    async def _claim(self, day: dt.date, now: dt.datetime) -> Row | None:
        """Ours when nobody has the day, or who had it has not ended in an hour."""
        row = await self._rows.get("Index", _PARTITION, day.isoformat())
        if row:
            at = row.props["at"]
            assert isinstance(at, dt.datetime)
            if row.props["done"]:
                self._done = day
            if row.props["done"] or now - at < _TAKE_OVER_AFTER:
                return None
        made = _claim_row(day, now, done=False, etag=row.etag if row else "")
        try:
            await self._rows.write([made])
        except (AlreadyThere, Changed):
            return None
        return made

    async def _tell(self, now: dt.datetime) -> None:
        """A list of a time to come is none of ours."""
        made = [at for at in map(moment_of, await lists(self._archive.files)) if at <= now]
        newest = made[-1] if made else self._began or now
        self._told_age_s((now - newest).total_seconds())

    async def _tell_unreached(self, now: dt.datetime) -> None:
        """From the claims in the store: nobody sees the archive. Where they say nothing, it is as
        old as this process, so that the alert comes in time however it began.
        """
        newest = self._began or now
        try:
            claims = await self._rows.query("Index", _PARTITION)
        except StoreUnavailable:
            claims = []
        ends = [row.props["at"] for row in claims if row.props["done"]]
        made = [at for at in ends if isinstance(at, dt.datetime) and at <= now]
        self._told_age_s((now - max(made, default=newest)).total_seconds())


def _claim_row(day: dt.date, now: dt.datetime, *, done: bool, etag: str = "") -> Row:
    return Row("Index", _PARTITION, day.isoformat(), {"at": now, "done": done}, etag)
