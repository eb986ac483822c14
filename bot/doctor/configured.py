"""What people wrote: the environment, the certificate, and the partnership's file."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography import x509

from bot import configuration
from bot.configuration import DEFAULT_FILE, ConfigurationError, fictional_object_id
from bot.doctor.finding import Finding, Patient, check, fix, ok
from bot.domain.partnership import Partnership
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.identity import Identity
from bot.logs import log_level
from bot.settings import NAMES, Settings, is_connection_string

_HOLIDAYS_FOR = dt.timedelta(days=60)
_CERTIFICATE_FOR = dt.timedelta(days=30)
_FICTIONAL_NUMBER = re.compile(r"^01632 ?960")  # kept free for drama by Ofcom
OURS = ("FRONT_DOOR_",)
ALSO = frozenset({"FRONT_DOOR_LOG_LEVEL"})
"""Variables that are not settings of the process, but known."""


# The environment --------------------------------------------------------------------


async def environment(patient: Patient) -> list[Finding]:
    """Makes the settings and the identity that most other checks need."""
    found = [*_level(patient), *_misspelt(patient)]
    try:
        patient.settings = await asyncio.to_thread(patient.read_settings)
    except ConfigurationError as error:
        lines = str(error).replace("field required", "it is missing").splitlines()
        return [*found, *(fix(f"{line}.") for line in lines)]
    patient.identity = Identity(patient.settings)
    found += await asyncio.to_thread(_credential, patient.settings, patient.now())
    return found or [ok("Every variable that is needed is set.")]


def _level(patient: Patient) -> Iterator[Finding]:
    try:
        log_level(patient.env.get("FRONT_DOOR_LOG_LEVEL", ""))
    except ConfigurationError as error:
        yield fix(f"{error}.")


def _misspelt(patient: Patient) -> Iterator[Finding]:
    known = {*NAMES, *ALSO}
    for name in sorted(patient.env):
        if name.startswith(OURS) and name not in known:
            yield check(f"{name}: nothing reads this variable. Check the spelling.")


def _credential(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    if settings.rehearsal or settings.app_type != "SingleTenant":
        return
    if not settings.certificate_file:
        yield check(
            "MICROSOFT_APP_PASSWORD is for development. Use MICROSOFT_APP_CERTIFICATE_FILE, or"
            " a managed identity."
        )
        return
    try:
        pem = Path(settings.certificate_file).read_bytes()
        ends = x509.load_pem_x509_certificate(pem).not_valid_after_utc
    except OSError as error:
        yield fix(f"MICROSOFT_APP_CERTIFICATE_FILE: cannot be read ({error.strerror}).")
        return
    except ValueError:
        yield fix(
            "MICROSOFT_APP_CERTIFICATE_FILE: expected one PEM file with the key and the"
            " certificate."
        )
        return
    if ends <= now:
        yield fix(f"The certificate ended on {ends:%d %B %Y}. Make a new one and register it.")
    elif ends - now < _CERTIFICATE_FOR:
        yield check(f"The certificate ends on {ends:%d %B %Y}. Make a new one and register it.")


# The partnership's file ---------------------------------------------------------------


async def configuration_file(patient: Patient) -> list[Finding]:
    """Reads the file even where the environment is not right yet."""
    named = patient.env.get("FRONT_DOOR_CONFIG", "")
    path = patient.configuration or (Path(named) if named else DEFAULT_FILE)
    if patient.settings:
        path = patient.settings.configuration
    try:
        p = await asyncio.to_thread(configuration.load, path)
    except ConfigurationError as error:
        return [fix(f"{line}.") for line in str(error).splitlines()]
    patient.partnership = p
    shipped = await asyncio.to_thread(configuration.load)
    found = [*_tenant(patient.settings, p), *_dates(p, patient.now()), *_people(p)]
    found += _fictional(p, shipped)
    return found or [ok(f"It can be used. Version {p.version}.")]


def _tenant(settings: Settings | None, p: Partnership) -> Iterator[Finding]:
    host = p.tenants[HOST_TENANT]
    if settings and settings.tenant_id.lower() != host.lower():
        yield fix(
            "MICROSOFT_APP_TENANT_ID and tenants.host are different. Both are the council's own"
            " tenant id."
        )
    if (
        settings
        and is_connection_string(settings.store.get_secret_value())
        and not settings.rehearsal
    ):
        yield check(
            "FRONT_DOOR_STORE holds an account's key. In production give the table endpoint, and"
            " the app signs in as itself."
        )


def _dates(p: Partnership, now: dt.datetime) -> Iterator[Finding]:
    today = p.calendar.day_of(now)
    if not p.test_windows:
        yield check("test_windows: there is none, so the bot takes no referrals.")
    elif all(window.last_day < today for window in p.test_windows):
        yield check("test_windows: the last one is over, so the bot takes no referrals.")
    last = max(p.calendar.bank_holidays, default=None)
    if last is None or last < today + _HOLIDAYS_FOR:
        yield check(
            "calendar.bank_holidays: the list ends within 60 days. Add next year's, or working"
            " days are counted wrongly."
        )


def _people(p: Partnership) -> Iterator[Finding]:
    roles = {x.role for x in p.people} | {group.role for group in p.groups}
    if Role.MANAGER not in roles:
        yield check("people: there is no manager, so nobody gets the week's figures.")
    if Role.DUTY_SOCIAL_WORKER not in roles:
        yield check("people: there is no duty social worker to agree outcomes.")


def _fictional(p: Partnership, shipped: Partnership) -> Iterator[Finding]:
    """What was copied from the file that comes with the bot and never changed."""
    invented = [x.id for x in p.everyone if x.object_id.lower() == fictional_object_id(x.id)]
    if invented:
        yield fix(
            f"people: {len(invented)} still have the example's invented object_id"
            f" ({', '.join(invented[:3])}{' and more' if len(invented) > 3 else ''}). Give each"
            " their own, from Microsoft Entra."
        )
    same = sorted(set(p.tenants.values()) & set(shipped.tenants.values()))
    if same:
        codes = [code for code, value in p.tenants.items() if value in same]
        yield fix(f"tenants: {', '.join(codes)} still have the example's invented id.")
    numbers = {
        "phones.mash": p.mash_phone,
        "phones.out_of_hours": p.out_of_hours_phone,
        "phones.adult_mash": p.adult_mash_phone,
        "phones.lado": p.lado_phone,
        **{f"assessment_teams ({t.name})": t.phone for t in p.assessment_teams},
    }
    wrong = [name for name, number in numbers.items() if _FICTIONAL_NUMBER.match(number)]
    if wrong:
        yield fix(f"{', '.join(wrong)}: invented numbers. People ring these when a child is hurt.")
    for name, value, example in (
        ("partnership.desk_channel", p.desk_channel, shipped.desk_channel),
        ("partnership.host_domain", p.host_domain, shipped.host_domain),
        ("graph.mailbox", p.mailbox, shipped.mailbox),
    ):
        if value and value == example:
            yield fix(f"{name}: still the example's.")


# Time zones -------------------------------------------------------------------------


async def time_zones(patient: Patient) -> list[Finding]:
    try:
        zone = await asyncio.to_thread(ZoneInfo, "Europe/London")
    except (ZoneInfoNotFoundError, OSError):
        return [fix("There is no time zone data. Install the package tzdata.")]
    summer = dt.datetime(2027, 7, 1, 12, tzinfo=zone).utcoffset()
    if summer != dt.timedelta(hours=1):
        return [fix("Europe/London has no summer time here. Install the package tzdata.")]
    return [ok("Europe/London is known, with its summer time.")]
