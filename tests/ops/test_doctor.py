"""`python app.py doctor` on whole and on broken installations: each check passes and fails."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
import sys
from collections import namedtuple
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from pydantic import SecretStr

from bot.command_line import main
from bot.configuration import DEFAULT_FILE
from bot.desk.ports import Row
from bot.doctor import configured
from bot.doctor.checks import CHECKS
from bot.doctor.examine import examined, exit_code
from bot.doctor.finding import Check, Finding, Level, Patient, fix, ok
from bot.identity import TokenUnavailable
from bot.rehearsal.graph_api import drop_before, status
from bot.settings import Settings, from_environment
from bot.store.codec import commit_key
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from tests.graph.wire import Wire
from tests.ops.clinic import OWN_MAILBOX, Clinic, clinic_of
from tests.tools.tables import rows_of

NAMES = [check.name for check in CHECKS]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
async def clinic(wire: Wire, tmp_path: Path) -> AsyncIterator[Clinic]:
    async with clinic_of(wire, tmp_path) as made:
        made.now = dt.datetime.now(dt.UTC)
        yield made


# Whole


async def test_a_whole_installation_has_nothing_to_fix(clinic: Clinic) -> None:
    await clinic.exported()
    found: list[tuple[str, Finding]] = [each async for each in examined(clinic.patient(), CHECKS)]

    wrong = [(name, f.words) for name, f in found if f.level is not Level.OK]
    assert [name for name, _ in wrong] == ["Teams"]
    assert "cannot be seen from here" in wrong[0][1]
    assert list(dict.fromkeys(name for name, _ in found)) == NAMES
    assert clinic.wire.graph.sent == []


async def test_it_leaves_nothing_behind_in_the_store(clinic: Clinic) -> None:
    await clinic.looked("Store")
    rows = SqliteRows(clinic.folder / "store.db")
    await rows.start()
    assert await rows_of(rows, "Index") == []
    await rows.close()


async def test_no_secret_and_nobodys_name_is_shown(clinic: Clinic) -> None:
    clinic.file = clinic.file.replace('role = "manager"', 'role = "rep"')
    clinic.change = {"tenant_id": "elsewhere"}
    said = "\n".join(f.words for f in await clinic.looked())

    for hidden in ("Grace O.", "Femi A.", "rehearsal-only", OWN_MAILBOX, "head@council.test"):
        assert hidden not in said


# Environment


def broken(clinic: Clinic, env: dict[str, str]) -> Patient:
    made = clinic.patient()
    made.env = env
    made.read_settings = lambda: from_environment(env)
    return made


async def looked(patient: Patient, name: str) -> str:
    found = [f"{f.level} {f.words}" async for n, f in examined(patient, CHECKS) if n == name]
    return "\n".join(found)


async def test_every_variable_that_is_missing_or_wrong_is_named(clinic: Clinic) -> None:
    env = {"MICROSOFT_APP_TYPE": "MultiTenant", "PORT": "99999", "FRONT_DOOR_LOG_LEVEL": "LOUD"}
    said = await looked(broken(clinic, env), "Environment")

    for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID", *env):
        assert f"FIX {name}" in said


async def test_a_misspelt_variable_is_named(clinic: Clinic) -> None:
    clinic.env = {"FRONT_DOOR_STROE": "x"}

    assert "CHECK FRONT_DOOR_STROE" in await clinic.said("Environment")


async def test_with_a_broken_environment_the_rest_is_still_looked_at(clinic: Clinic) -> None:
    patient = broken(clinic, {"FRONT_DOOR_CONFIG": str(clinic.path)})
    found = [each async for each in examined(patient, CHECKS)]

    assert list(dict.fromkeys(name for name, _ in found)) == NAMES
    said = {name: f.words for name, f in found}
    assert "It can be used" in said["Configuration file"]
    assert "put the environment right first" in said["Store"]
    assert exit_code([f.level for _, f in found]) == 1


def single(clinic: Clinic, **more: str) -> dict[str, str]:
    return {
        "MICROSOFT_APP_ID": "x",
        "MICROSOFT_APP_TENANT_ID": clinic.settings().tenant_id,
        "MICROSOFT_APP_TYPE": "SingleTenant",
        **more,
    }


@pytest.mark.parametrize(
    ("days", "level"), [(-30, ""), (-10, "CHECK The certificate ends"), (1, "FIX The certificate")]
)
async def test_a_certificate_that_ends_is_told_in_time(
    clinic: Clinic, days: int, level: str
) -> None:
    pem = clinic.wire.trust.bot
    patient = broken(clinic, single(clinic, MICROSOFT_APP_CERTIFICATE_FILE=pem.file))
    patient.now = lambda: pem.certificate.not_valid_after_utc + dt.timedelta(days=days, hours=-1)
    first = [CHECKS[0]]
    said = "\n".join([f"{f.level} {f.words}" async for _, f in examined(patient, first)])

    assert said.startswith(level) if level else "The certificate" not in said


@pytest.mark.parametrize(("file", "why"), [("gone.pem", "cannot be read"), ("text.pem", "PEM")])
async def test_a_certificate_that_cannot_be_used_is_named(
    clinic: Clinic, file: str, why: str
) -> None:
    (clinic.folder / "text.pem").write_text("no certificate")
    env = single(clinic, MICROSOFT_APP_CERTIFICATE_FILE=str(clinic.folder / file))
    patient = broken(clinic, env)
    said = "\n".join([f"{f.level} {f.words}" async for _, f in examined(patient, CHECKS[:1])])

    assert said.startswith("FIX MICROSOFT_APP_CERTIFICATE_FILE")
    assert why in said


async def test_a_password_is_for_development(clinic: Clinic) -> None:
    patient = broken(clinic, single(clinic, MICROSOFT_APP_PASSWORD="very-secret"))
    said = "\n".join([f"{f.level} {f.words}" async for _, f in examined(patient, CHECKS[:1])])

    assert said.startswith("CHECK MICROSOFT_APP_PASSWORD")
    assert "very-secret" not in said


# Configuration file


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Riverside', 'nmae = "Riverside', "FIX partnership.nmae: not a key"),
        ("[partnership]", "[partnership", "not valid TOML"),
        ('agency = "police"', 'agency = "plice"', "FIX people["),
        ('tenant = "nhs"', 'tenant = "hospital"', "expected one of tenants; got 'hospital'"),
        ("last_day = 2026-12-03", "last_day = 2026-11-24", "CHECK test_windows: the last one"),
        (", 2027-03-26]", "]", "CHECK calendar.bank_holidays"),
        ('role = "manager"', 'role = "rep"', "CHECK people: there is no manager"),
        ('mash = "0115 496 0100"', 'mash = "01632 960100"', "FIX phones.mash: invented"),
        ("19:a1b2c3@", "19:dutydesk0000000000000000000000@", "FIX partnership.desk_channel"),
        ("council.test", "riverside.example", "FIX partnership.host_domain"),
    ],
)
async def test_what_is_wrong_in_the_file_is_named(
    clinic: Clinic, old: str, new: str, said: str
) -> None:
    assert old in clinic.file
    clinic.file = clinic.file.replace(old, new)
    clinic.now = dt.datetime(2026, 12, 2, 12, tzinfo=dt.UTC)

    assert said in await clinic.said("Configuration file")


async def test_the_example_itself_is_not_fit_for_use(clinic: Clinic) -> None:
    clinic.file = DEFAULT_FILE.read_text(encoding="utf-8")
    said = await clinic.said("Configuration file")

    assert "invented object_id (masho-1" in said
    assert "FIX tenants: host, police" in said
    assert "FIX MICROSOFT_APP_TENANT_ID and tenants.host are different" in said


async def test_a_file_that_is_not_there_is_named(clinic: Clinic) -> None:
    clinic.change = {"configuration": clinic.folder / "gone.toml"}

    assert "FIX" in (said := await clinic.said("Configuration file"))
    assert "gone.toml: cannot be read" in said


# Store and disk


async def test_a_store_that_is_no_database_is_said_plainly(clinic: Clinic) -> None:
    (clinic.folder / "store.db").write_bytes(b"this is no database, but a text " * 200)

    assert (await clinic.said("Store")).startswith("FIX The file cannot be used")


async def test_a_store_of_a_newer_version_is_said_plainly(clinic: Clinic) -> None:
    rows = SqliteRows(clinic.folder / "store.db")
    await rows.start()
    case = "0" * 32
    await TableLog(rows).mark_open(case)
    await rows.put(Row("Commits", case, commit_key(1), {"version": 99}))
    await rows.close()

    assert "newer version of Front Door" in await clinic.said("Store")


async def test_a_storage_account_that_does_not_answer_is_said_plainly(clinic: Clinic) -> None:
    key = "a2V5"
    closed = "TableEndpoint=http://127.0.0.1:9/devstore;AccountName=devstore"
    clinic.change = {"store": f"{closed};AccountKey={key};DefaultEndpointsProtocol=http"}
    said = await clinic.said("Store")

    assert said.startswith("FIX The storage account does not answer")
    assert key not in said


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("free", "level"),
    [(5 * 1024**3, "OK"), (500 * 1024**2, "CHECK"), (10 * 1024**2, "FIX")],
)
async def test_a_full_disk_is_told(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))

    assert (await clinic.said("Disk")).startswith(level)


# Sign-in, groups and mailbox


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("invalid_client", "Register the certificate"),
        ("unauthorized_client", "Check MICROSOFT_APP_ID"),
        ("something_new", "could not be asked"),
    ],
)
async def test_what_entra_answers_is_put_into_words(clinic: Clinic, code: str, said: str) -> None:
    clinic.wire.authority.failures.extend([(400, code)] * 9)
    found = await clinic.said("Sign-in")

    assert found.startswith("FIX No token for Teams")
    assert said in found
    assert f"({code})" in found


async def test_without_a_managed_identity_here_it_says_where_to_run_it(clinic: Clinic) -> None:
    clinic.change = {"app_type": "UserAssignedMSI"}

    class Nowhere:
        async def token(self, scope: str) -> str:
            raise TokenUnavailable("ConnectionError")

        async def close(self) -> None:
            return None

    async def pretend(patient: Patient) -> list[Finding]:
        patient.settings = clinic.settings()
        patient.identity = Nowhere()  # type: ignore[assignment]
        return []

    sign_in = next(c for c in CHECKS if c.name == "Sign-in")
    checks = [Check("Environment", pretend), sign_in]
    said = [f.words async for _, f in examined(clinic.patient(), checks)]

    assert "no managed identity" in said[0]
    assert "inside the container app" in said[0]


async def test_each_graph_permission_that_is_missing_is_named(clinic: Clinic) -> None:
    clinic.wire.authority.permissions = {"User.Read.All"}
    said = await clinic.said("Groups")

    assert said.startswith("FIX The Graph permission GroupMember.Read.All is missing")
    assert clinic.wire.graph.calls == [] or "checkMemberGroups" not in str(clinic.wire.graph.calls)


async def test_a_graph_that_refuses_the_question_is_told(clinic: Clinic) -> None:
    clinic.wire.graph.standing = status(403, "Authorization_RequestDenied")

    assert "FIX Graph did not say who is in a group (403)" in await clinic.said("Groups")


async def test_the_list_alone_needs_no_graph(clinic: Clinic) -> None:
    start = clinic.file.index("[[graph.groups]]")
    clinic.file = clinic.file[:start] + clinic.file[clinic.file.index("[calendar]") :]
    clinic.wire.authority.permissions = set()

    assert (await clinic.said("Groups")).startswith("OK Roles come from the list")


async def test_a_mailbox_the_app_may_not_use_is_told_and_nothing_is_sent(clinic: Clinic) -> None:
    clinic.wire.graph.exchange_role = False
    said = await clinic.said("Mailbox")

    assert "FIX The bot may not send from its mailbox" in said
    assert clinic.wire.graph.sent == []


async def test_a_right_to_every_mailbox_is_to_be_taken_away(clinic: Clinic) -> None:
    clinic.wire.authority.permissions.add("Mail.Send")
    said = await clinic.said("Mailbox")

    assert "FIX The app has the Graph permission Mail.Send" in said
    assert "FIX The bot may send from the other mailbox too" in said
    assert clinic.wire.graph.sent == []


async def test_the_other_mailbox_is_asked_for_where_none_is_named(clinic: Clinic) -> None:
    clinic.other_mailbox = ""

    assert "CHECK To see that it may not send from others" in await clinic.said("Mailbox")


async def test_a_graph_that_drops_the_call_is_told(clinic: Clinic) -> None:
    clinic.wire.graph.standing = drop_before()

    assert "FIX Microsoft Graph does not answer" in await clinic.said("Mailbox")


# Teams, clock, telemetry


async def test_keys_that_cannot_be_read_are_told(clinic: Clinic) -> None:
    clinic.change = {"openid": "http://127.0.0.1:9/openid"}

    assert "FIX The keys that Teams signs with cannot be read" in await clinic.said("Teams")


async def test_an_address_that_cannot_be_reached_is_told(clinic: Clinic) -> None:
    clinic.change = {"service_url": "http://127.0.0.1:9/"}

    assert "FIX 127.0.0.1 cannot be reached" in await clinic.said("Teams")


async def test_a_certificate_of_somebody_elses_is_told(clinic: Clinic) -> None:
    clinic.change = {"service_url": clinic.wire.base}

    assert "certificate that is not Microsoft's" in await clinic.said("Teams")


@pytest.mark.parametrize(
    ("off_s", "level"), [(0, "OK"), (-120, "CHECK"), (120, "CHECK"), (900, "FIX")]
)
async def test_a_clock_that_is_off_is_told(clinic: Clinic, off_s: int, level: str) -> None:
    clinic.now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=off_s)

    assert (await clinic.said("Clock")).startswith(level)


async def test_a_clock_with_nothing_to_hold_it_against_is_told(clinic: Clinic) -> None:
    clinic.change = {"openid": "http://127.0.0.1:9/", "authority": "https://127.0.0.1:9/x"}

    assert (await clinic.said("Clock")).startswith("CHECK Nobody answered")


@pytest.mark.parametrize(
    ("value", "level"), [("", "CHECK Nothing is measured"), ("nonsense", "FIX APPLICATIONINSIGHTS")]
)
async def test_telemetry_that_is_not_there_or_wrong_is_told(
    clinic: Clinic, value: str, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APPLICATIONINSIGHTS_CONNECTION_STRING", raising=False)
    clinic.change = {"telemetry": SecretStr(value)}

    assert (await clinic.said("Telemetry")).startswith(level)


async def test_time_zone_data_that_is_missing_is_told(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    assert (await clinic.said("Time zones")).startswith("OK")
    monkeypatch.setattr(configured, "ZoneInfo", none)
    said = await configured.time_zones(clinic.patient())
    assert said[0].level is Level.FIX


# The command


async def test_a_check_that_hangs_or_breaks_does_not_stop_the_others(clinic: Clinic) -> None:
    async def hangs(_: Patient) -> list[Finding]:
        await asyncio.Event().wait()
        return []

    async def breaks(_: Patient) -> list[Finding]:
        raise RuntimeError("about Amira Holt")

    async def works(_: Patient) -> list[Finding]:
        return [ok("Fine.")]

    checks = [Check("A", hangs), Check("B", breaks), Check("C", works)]
    found = [each async for each in examined(clinic.patient(), checks, within_s=0.05)]

    assert [str(f.level) for _, f in found] == ["FIX", "FIX", "OK"]
    assert "RuntimeError" in found[1][1].words
    assert "Amira" not in found[1][1].words


def test_only_something_to_fix_ends_with_1() -> None:
    assert exit_code([Level.OK, Level.CHECK]) == 0
    assert exit_code([Level.OK, fix("x").level]) == 1


def test_the_command_says_it_in_lines_and_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID", "FRONT_DOOR_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONT_DOOR_LOG_LEVEL", "LOUD")

    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FIX    Environment: FRONT_DOOR_LOG_LEVEL")
    assert lines[-1].endswith("to check.")

    assert main(["doctor", "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["exit"] == 1
    assert {"check", "level", "words"} == set(shown["findings"][0])


async def test_the_command_looks_at_a_rehearsal(clinic: Clinic) -> None:
    clinic.patient()
    s: Settings = clinic.settings()
    program = [
        *("app.py", "doctor", "--json", "--rehearsal", "--openid", s.openid),
        *("--authority", s.authority, "--authority-ca", s.authority_ca, "--graph", s.graph),
        *(
            "--service-url",
            s.service_url,
            "--config",
            str(clinic.path),
            "--store",
            s.store.get_secret_value(),
        ),
    ]
    running = await asyncio.create_subprocess_exec(
        sys.executable, *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await running.communicate()
    shown = json.loads(out)

    assert err == b""
    assert running.returncode == 0, shown
    assert {f["check"] for f in shown["findings"]} == set(NAMES)


def test_a_rehearsal_needs_its_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--rehearsal"]) == 1
    assert "--rehearsal: needs --openid and --authority" in capsys.readouterr().out


# The daily export


async def test_an_export_of_last_night_is_well_and_the_probe_leaves_nothing(
    clinic: Clinic,
) -> None:
    await clinic.exported()
    before = sorted((clinic.folder / "keys").rglob("*"))
    said = await clinic.said("Daily export")
    assert said == "OK Keys can be made and destroyed.\nOK The newest export is 0 hours old."
    left = [p for p in sorted((clinic.folder / "keys").rglob("*")) if p.is_file()]
    assert left == [p for p in before if p.is_file()]


async def test_an_old_export_is_something_to_fix(clinic: Clinic) -> None:
    await clinic.exported(dt.datetime.now(dt.UTC) - dt.timedelta(hours=30))
    assert "FIX The newest export is 30 hours old" in await clinic.said("Daily export")


async def test_without_an_export_it_says_what_that_means(clinic: Clinic) -> None:
    assert "no export yet" in await clinic.said("Daily export")
    clinic.change = {"export": "", "keys": ""}
    assert "CHECK The log is not exported" in await clinic.said("Daily export")


async def test_an_export_that_cannot_be_reached_or_lies_with_its_keys_is_to_be_fixed(
    clinic: Clinic,
) -> None:
    clinic.change = {"keys": str(clinic.folder / "export" / "keys")}
    assert "FIX FRONT_DOOR_KEYS: expected another storage account" in await clinic.said(
        "Daily export"
    )
    nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint="
    clinic.change = {"export": f"{nowhere}http://127.0.0.1:9/a;Container=files"}
    assert "FIX The export or its keys cannot be reached" in await clinic.said("Daily export")
