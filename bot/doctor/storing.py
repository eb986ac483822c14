"""Where the record is kept: does it open, write, read and delete, and is there room."""

from __future__ import annotations

import asyncio
import shutil
import time
import uuid
from pathlib import Path

from bot.configuration import ConfigurationError
from bot.desk.ports import Row, Rows, StoreTooNew, StoreUnavailable
from bot.doctor.finding import Finding, Patient, check, fix, ok, settings_of
from bot.opening import open_rows
from bot.settings import is_connection_string
from bot.store.log import TableLog
from bot.watching import telemetry_of

_TABLE = "Index"
_PARTITION = "doctor"
_SLOW_S = 1.0
_LITTLE_BYTES = 1024**3
_NONE_BYTES = 100 * 1024**2
_CASES_READ = 3


async def store(patient: Patient) -> list[Finding]:
    """Makes the tables where they are missing; its one row is deleted again."""
    settings = settings_of(patient)
    place = settings.store.get_secret_value()
    rows = open_rows(place, settings)
    try:
        await rows.start()
        seconds = await _probed(rows)
        await TableLog(rows).check_version()
        await _newest_understood(rows)
    except StoreTooNew:
        return [
            fix(
                "The store was written by a newer version of Front Door. Run that version, or"
                " restore an export from before the upgrade."
            )
        ]
    except StoreUnavailable as error:
        return [fix(_why_not(place, str(error)))]
    finally:
        await rows.close()
    took = f"{seconds * 1000:.0f} ms to write, read and delete a row"
    if seconds > _SLOW_S:
        return [check(f"It works, but slowly: {took}.")]
    return [ok(f"It works: {took}.")]


async def _probed(rows: Rows) -> float:
    """Raises StoreUnavailable, also where what was written does not read back."""
    row = Row(_TABLE, _PARTITION, uuid.uuid4().hex, {"probe": True})
    began_s = time.perf_counter()
    await rows.write([row])
    found = await rows.get(row.table, row.partition, row.key)
    await rows.delete(row.table, row.partition, row.key)
    if found is None or found.props != row.props:
        raise StoreUnavailable("what was written did not read back")
    return time.perf_counter() - began_s


async def _newest_understood(rows: Rows) -> None:
    """Raises StoreTooNew."""
    log = TableLog(rows)
    for case_id in (await log.open_cases())[:_CASES_READ]:
        await log.load(case_id)


def _why_not(where: str, fault: str) -> str:
    if "403" in fault:
        return (
            "The storage account refuses this app. Give its identity the role Storage Table Data"
            " Contributor on the account, and wait ten minutes. If it has that, the account's"
            " firewall or private endpoint keeps this machine out."
        )
    if "404" in fault:
        return "There is no such table endpoint. Check FRONT_DOOR_STORE."
    if "ClientAuthenticationError" in fault or "401" in fault:
        return "The app cannot sign in to the storage account. See Sign-in below."
    if where.startswith("https://") or is_connection_string(where):
        return (
            f"The storage account does not answer ({fault}). Check FRONT_DOOR_STORE, and the"
            " private endpoint or firewall between the two."
        )
    return f"The file cannot be used ({fault}). Check FRONT_DOOR_STORE and who may write there."


def _free_bytes(file: str) -> int:
    return shutil.disk_usage(Path(file).absolute().parent).free


async def disk(patient: Patient) -> list[Finding]:
    settings = settings_of(patient)
    place = settings.store.get_secret_value()
    if place.startswith("https://") or is_connection_string(place):
        return [ok("The record is not kept on this machine.")]
    free = await asyncio.to_thread(_free_bytes, place)
    room = f"{free / 1024**3:.1f} GB free where the file is"
    if free < _NONE_BYTES:
        return [fix(f"{room}. Make room: a referral that cannot be written is refused.")]
    found = [check(f"{room}. Make room.")] if free < _LITTLE_BYTES else [ok(f"{room}.")]
    if not settings.rehearsal:
        found.append(
            check("The record is one file, for one copy of the bot. Use Azure Tables for more.")
        )
    return found


async def telemetry(patient: Patient) -> list[Finding]:
    settings = settings_of(patient)
    if not settings.telemetry.get_secret_value():
        return [
            check(
                "Nothing is measured, so no alert can go off. Set"
                " APPLICATIONINSIGHTS_CONNECTION_STRING."
            )
        ]
    try:
        made = await asyncio.to_thread(telemetry_of, settings)
    except ConfigurationError as error:
        return [fix(f"{error}.")]
    if made:
        await made.stop()
    return [ok("Application Insights is configured. Whether it takes what is sent shows there.")]
