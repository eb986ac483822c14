"""Where the log is exported to and where its keys are: can both be used, and how old is it."""

from __future__ import annotations

import datetime as dt
import uuid

from bot.archive import EXPORT_VARIABLE, KEYS_VARIABLE, open_archive
from bot.configuration import ConfigurationError
from bot.desk.ports import StoreUnavailable
from bot.doctor.finding import Finding, Patient, check, fix, ok, settings_of
from bot.store.archive import Archive
from bot.store.export import lists, moment_of

_OLD_HOURS = 26


async def daily_export(patient: Patient) -> list[Finding]:
    """Writes, reads and destroys one key; of the export it only reads, as nothing there can be
    deleted again.
    """
    settings = settings_of(patient)
    files, keys = settings.export.get_secret_value(), settings.keys.get_secret_value()
    if not files and not keys:
        return [
            check(
                "The log is not exported, so what happens to the store happens to the record."
                f" Set {EXPORT_VARIABLE} and {KEYS_VARIABLE}."
            )
        ]
    try:
        archive = open_archive(files, keys, settings)
    except ConfigurationError as error:
        return [fix(f"{error}.")]
    try:
        await archive.start()
        return [*await _keys(archive), _age(await lists(archive.files))]
    except StoreUnavailable as error:
        return [
            fix(
                f"The export or its keys cannot be reached ({error}). Check both addresses, the"
                " role Storage Blob Data Contributor on both containers, and the private endpoints."
            )
        ]
    finally:
        await archive.close()


async def _keys(archive: Archive) -> list[Finding]:
    place, name, wanted = archive.places[1], f"doctor/{uuid.uuid4().hex}", b"probe"
    await place.create(name, wanted)
    read = await place.get(name)
    await place.delete(name)
    if read != wanted or await place.get(name) is not None:
        return [fix("A key that was written does not read back, or stays after it was destroyed.")]
    return [ok("Keys can be made and destroyed.")]


def _age(found: list[str]) -> Finding:
    if not found:
        return check("There is no export yet. The first is made at export_at tonight.")
    age = dt.datetime.now(dt.UTC) - moment_of(found[-1])
    hours = age.total_seconds() / 3600
    if hours > _OLD_HOURS:
        return fix(f"The newest export is {hours:.0f} hours old. See docs/runbook.md, export-late.")
    return ok(f"The newest export is {hours:.0f} hours old.")
