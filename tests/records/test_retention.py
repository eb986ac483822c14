"""Words go for good and facts stay: on the file, on Azurite, in the export and on the card."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import configuration
from bot.command_line import main
from bot.desk.ports import Row, Rows, StoreUnavailable
from bot.desk.rebuild import rebuild
from bot.domain import events as ev
from bot.domain.surveys import SurveyReply
from bot.opening import open_rows
from bot.records.retention import BadPlan, Certificate, Retention, read_plan
from bot.rehearsal.rehearsal import Rehearsal, advance
from bot.store.blobs import FolderBlobs
from bot.store.erasing import Erasing, Gone
from bot.store.export import export, lists, restore
from bot.store.keys import Keys
from bot.store.log import TableLog
from bot.store.tallies import TableTallies
from bot.store.words import parted
from tests.records.conftest import words_in_file
from tests.tools.azurite import Azurite
from tests.wire.acting import Acting
from tests.wire.test_bad_days import BadDay

PARTNERSHIP = configuration.load()
DAYS = PARTNERSHIP.words_days_after_closing
CLOSED_BY = dt.datetime(2026, 11, 27, 18, 0, tzinfo=dt.UTC)
DUE = CLOSED_BY + dt.timedelta(days=DAYS + 1)
NIGHT = dt.datetime(2026, 11, 28, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
async def rows(store: str) -> AsyncIterator[Rows]:
    made = open_rows(store)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def files(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "files")


@pytest.fixture
def kept(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "keys")


def work(rows: Rows, keys: Keys | None = None, now: dt.datetime = DUE) -> Retention:
    given = [keys] if keys else []
    return Retention(rows, TableLog(rows), PARTNERSHIP, Erasing(rows, given), now)


def paper(now: dt.datetime = DUE) -> Certificate:
    return Certificate("ERASE-1", "Olu B.", now.isoformat(), DAYS)


async def erased(rows: Rows, keys: Keys | None = None) -> Certificate:
    made = paper()
    await work(rows, keys).erase(await work(rows, keys).plan(), made)
    return made


def in_bytes(folder: Path, words: list[str] | None = None) -> list[str]:
    """Which of these words, else of all that people typed, are in any file below."""
    whole = b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
    wanted = words or words_in_file()
    return [t for t in wanted if t.encode() in whole or t.encode("utf-16-le") in whole]


# The plan ------------------------------------------------------------------------------


async def test_nothing_is_due_before_the_period_and_all_six_after(rows: Rows) -> None:
    early = await work(rows, now=DUE - dt.timedelta(days=5)).plan()
    assert (early.due, early.later) == ([], 6)
    plan = await work(rows).plan()
    assert [line.state for line in plan.due] == ["closed"] * 6
    assert sorted(line.reference for line in plan.due) == [f"REF-2026-{n:05d}" for n in range(1, 7)]


async def test_a_plan_erases_nothing(rows: Rows, store: str) -> None:
    before = await rows.scan("Commits")
    await work(rows).plan()
    assert await rows.scan("Commits") == before


async def test_what_is_not_on_the_plan_stays_and_what_is_held_since_too(rows: Rows) -> None:
    plan = await work(rows).plan()
    left_out, held, *rest = plan.due
    plan.due = [held, *rest]
    log = TableLog(rows)
    stream = await log.load(held.case_id)
    hold = ev.Recorded(ev.HoldPlaced("A court asked"), DUE, "rec-1")
    last = stream.commits[-1]
    await log.append(replace(last, n=last.n + 1, recorded=(hold,), effects=(), press=""))
    made = paper()
    await work(rows).erase(plan, made)
    assert len(made.erased) == 4
    assert made.left == [{"reference": held.reference, "because": "not due now"}]
    erasing = Erasing(rows)
    assert await erasing.rows_with_words(left_out.case_id) > 0
    assert await erasing.rows_with_words(held.case_id) > 0
    assert (await work(rows).plan()).held == [held.reference]


def plan_of(made_at: str) -> str:
    return json.dumps({"made_at": made_at, "words_days_after_closing": 90, "due": []})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no plan"),
        ("[]", "no plan"),
        ('{"made_at": "x"}', "no plan"),
        (plan_of("2020-01-01T00:00:00+00:00"), "too old"),
        (plan_of("2090-01-01T00:00:00+00:00"), "too old"),
        (plan_of("2026-01-01T00:00:00"), "no plan"),
    ],
)
def test_only_a_fresh_plan_is_taken(text: str, says: str) -> None:
    with pytest.raises(BadPlan, match=says):
        read_plan(text, DUE)


# Words are nowhere ---------------------------------------------------------------------


async def test_erased_words_are_nowhere_in_the_files_bytes(
    store: str, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    rows = open_rows(store)
    await rows.start()
    await files.start()
    await kept.start()
    await export(rows, files, Keys(kept), NIGHT)
    assert len(in_bytes(tmp_path)) > 40
    certificate = await erased(rows, Keys(kept))
    assert in_bytes(tmp_path) == [], "while the store is still open"
    await rows.close()
    assert in_bytes(tmp_path) == []
    assert all(line["commits_with_words_left"] == 0 for line in certificate.erased)
    assert sum(line["rows"] for line in certificate.erased) > 50
    assert all(line["keys"] == 1 for line in certificate.erased)


@pytest.mark.node
async def test_erased_words_are_nowhere_in_azurites_files(store: str, tmp_path: Path) -> None:
    server = Azurite()
    await asyncio.to_thread(server.start)
    keys = Keys(FolderBlobs(tmp_path / "keys"))
    files = FolderBlobs(tmp_path / "files")
    one = open_rows(store)
    await one.start()
    await export(one, files, keys, NIGHT)
    await one.close()
    rows = open_rows(server.connection_string)
    await rows.start()
    await restore(rows, files, keys, (await lists(files))[-1])
    await erased(rows, keys)
    left = [r for r in await rows.scan("Commits") if parted(r)[1]]
    await rows.close()
    await asyncio.to_thread(server.stop, keep=True)
    try:
        assert left == []
        assert b"REF-2026-00001" in b"".join(
            p.read_bytes() for p in server.folder.rglob("*") if p.is_file()
        ), "the facts are there, so these are the files"
        assert in_bytes(server.folder) == []
    finally:
        server.clean()


async def test_an_export_from_before_gives_the_facts_and_no_words(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    await export(rows, files, Keys(kept), NIGHT)
    before = await rows.scan("Figures")
    await erased(rows, Keys(kept))
    again = open_rows(str(tmp_path / "again" / "store.db"))
    await again.start()
    done = await restore(again, files, Keys(kept), (await lists(files))[0])
    assert done.erased > 50
    assert done.lost == 0
    assert [r.props["figures"] for r in await again.scan("Figures")] == [
        r.props["figures"] for r in before
    ]
    await again.close()
    assert in_bytes(tmp_path / "again") == []


async def test_an_export_made_while_words_go_holds_none_that_can_be_read(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    """It has read the rows, then their words go, then it asks for the key."""
    gone = False

    class Late(FolderBlobs):
        async def get(self, name: str) -> bytes | None:
            nonlocal gone
            if not gone and name.startswith("gone/") and len(name) > 30:
                gone = True
                await erased(rows, Keys(kept))
            return await super().get(name)

    await export(rows, files, Keys(Late(kept._folder)), NIGHT)
    assert gone
    made = [name async for name in kept.names("keys/")]
    assert [n for n in made if len(n) > 30] == []


# Facts stay ----------------------------------------------------------------------------


def told(capsys: pytest.CaptureFixture[str], store: str) -> object:
    assert main(["stats", "--week", "2026-W48", "--json", "--store", store]) == 0
    found = json.loads(capsys.readouterr().out)
    found.pop("as_at", None)
    return found


def test_figures_are_the_same_after_the_commands_and_after_a_rebuild(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told(capsys, store)
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan, certificate = tmp_path / "plan.json", tmp_path / "certificate.json"
    assert main(["retention", "--plan", str(plan), *at]) == 0
    out = capsys.readouterr().out
    assert "Due: 6 referrals" in out
    assert "Nothing was erased" in out
    assert told(capsys, store) == before

    erase = ["retention", "--erase", str(plan), "--certificate", str(certificate), *at]
    assert main(erase) == 64
    assert "--by" in capsys.readouterr().err
    assert main([*erase, "--by", "Olu B., records"]) == 0
    assert "erased the words of 6 referrals" in capsys.readouterr().out
    said = json.loads(certificate.read_text("utf-8"))
    assert (said["by"], len(said["erased"]), said["left"]) == ("Olu B., records", 6, [])
    assert not any(t in certificate.read_text("utf-8") for t in words_in_file())

    assert told(capsys, store) == before
    assert main(["rebuild", "--store", store]) == 0
    capsys.readouterr()
    assert told(capsys, store) == before
    assert main(["retention", "--plan", str(plan), *at]) == 0
    assert "Due: 0 referrals" in capsys.readouterr().out
    assert main([*erase, "--by", "Olu B."]) == 0


def test_an_exported_store_is_not_erased_without_the_keys_of_its_export(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--files", str(tmp_path / "files"), "--keys", str(tmp_path / "keys")]
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan, certificate = str(tmp_path / "plan.json"), str(tmp_path / "certificate.json")
    assert main(["export", "--store", store, *where]) == 0
    assert main(["retention", "--plan", plan, *at]) == 0
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", certificate, *at]
    assert main(erase) == 64
    assert "would stay in the export" in capsys.readouterr().err.replace("\n", " ")
    assert main([*erase, *where]) == 0
    assert json.loads(Path(certificate).read_text("utf-8"))["erased"][0]["keys"] == 1


async def test_the_certificate_stays_in_the_store_and_in_the_log(rows: Rows) -> None:
    made = await erased(rows)
    kept = await rows.get("Index", "certificates", "ERASE-1")
    assert kept is not None
    assert json.loads(str(kept.props["certificate"]))["sha256"] == made.dumped()["sha256"]
    stream = await TableLog(rows).load(str(made.erased[0]["case"]))
    last = stream.commits[-1].recorded[-1].event
    assert isinstance(last, ev.WordsErased)
    assert last.certificate == "ERASE-1"


async def test_comments_go_after_the_period_and_their_counts_stay(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    tallies, day = TableTallies(rows), dt.date(2026, 11, 17)
    line = "A line somebody wrote about the day"
    for n in range(6):
        await tallies.add_pulse(day, f"p{n}", (5, 4, 3, 2), line if n == 0 else "")
    await tallies.add_survey("2026-W47", "first_test", "professional", "m1", (5, 4, None))
    await tallies.add_survey_comment("2026-W47", "first_test", "professional", "m1", line)
    reply = SurveyReply("k", day, "professional", (5, None, 1), line)
    await tallies.import_replies([reply], lambda d: "2026-W46")
    late = dt.date(2027, 2, 20)
    await tallies.add_pulse(late, "p", (5, 4, 3, 2), "still kept")
    await export(rows, files, Keys(kept), NIGHT)

    plan = await work(rows).plan()
    assert plan.comments == ["pulse-2026-11-17", "survey-2026-W46", "survey-2026-W47"]
    certificate = await erased(rows, Keys(kept))

    assert [c["rows"] for c in certificate.comments] == [1, 1, 1]
    pulse, later = await tallies.pulses([day, late])
    assert (pulse.replies, pulse.counts[0][4], pulse.comments) == (6, 6, ())
    assert later.comments == ("still kept",)
    surveys = await tallies.surveys(["2026-W46", "2026-W47"], lambda d: True)
    assert sum(s.replied for s in surveys) == 2
    assert all(s.comments == () for s in surveys)
    await rows.close()
    assert in_bytes(tmp_path, [line]) == []
    await rows.start()


# A run that dies -----------------------------------------------------------------------


class Dying:
    """After so many writes the process is gone."""

    def __init__(self, rows: Rows, lives: int) -> None:
        self._rows, self._lives = rows, lives

    def _spend(self) -> None:
        if self._lives == 0:
            raise StoreUnavailable("killed")
        self._lives -= 1

    async def write(self, made: list[Row]) -> None:
        self._spend()
        await self._rows.write(made)

    async def put(self, row: Row) -> None:
        self._spend()
        await self._rows.put(row)

    async def scrub(self) -> None:
        self._spend()
        await self._rows.scrub()

    def __getattr__(self, name: str) -> object:
        return getattr(self._rows, name)


@pytest.mark.parametrize("lives", [0, 1, 2, 3, 5, 30, 60, 90])
async def test_a_run_that_died_is_finished_by_the_next_and_figures_stay(
    rows: Rows, lives: int, tmp_path: Path
) -> None:
    before = [r.props["figures"] for r in await rows.scan("Figures")]
    dying: Rows = Dying(rows, lives)  # type: ignore[assignment]
    plan = await work(rows).plan()
    with pytest.raises(StoreUnavailable):
        await work(dying).erase(plan, paper())
    await erased(rows)
    await rebuild(rows, TableLog(rows), PARTNERSHIP)
    assert [r.props["figures"] for r in await rows.scan("Figures")] == before
    for case_id in {r.partition for r in await rows.scan("Commits")}:
        kinds = [
            r.event.TYPE for c in (await TableLog(rows).load(case_id)).commits for r in c.recorded
        ]
        assert kinds.count("words.erased") == 1
    await rows.close()
    assert in_bytes(tmp_path) == []
    await rows.start()


# On the card ---------------------------------------------------------------------------


@pytest.fixture
def acting(rehearsal: Rehearsal) -> Acting:
    return Acting(rehearsal)


async def _closed(acting: Acting) -> None:
    await acting.referred()
    assert (await acting.closed()).state == "closed"


async def answered(acting: Acting, person_id: str, words: str) -> str:
    """What the bot answers in this person's own chat."""
    person = acting.r.world.person(person_id)
    before = len(acting.r.world.chat(person))
    await acting.hands(person_id).say(words, place="personal")
    await acting.r.settled()
    return " ".join(m.text for m in acting.r.world.chat(person)[before:])


async def test_the_card_in_the_channel_loses_its_words_while_the_bot_runs(acting: Acting) -> None:
    await _closed(acting)
    words = "Late on 11 of the last 15 school days"
    assert words in await acting.shown("eh-1")
    front_door = acting.r.front_door
    await advance(front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    now = acting.r.clock.now()
    await Retention(
        front_door.rows, TableLog(front_door.rows), PARTNERSHIP, Erasing(front_door.rows), now
    ).erase(
        await work(front_door.rows, now=now).plan(),
        paper(now),
    )
    front_door.desk.ticker._listed_at = float("-inf")
    await front_door.desk.ticker.tick()
    await acting.r.settled()

    shown = await acting.shown("eh-1")
    assert words not in shown
    assert "was erased on" in shown
    assert words not in json.dumps((await acting.briefing()).card)
    assert words not in repr(front_door.desk.cases.warm())


async def test_a_records_officer_holds_and_lifts_in_their_own_chat(acting: Acting) -> None:
    await _closed(acting)
    reference = (await acting.referral()).reference
    who = "man-1"
    said = await answered(acting, who, f"hold {reference} because a court asked")
    assert "legal hold" in said
    assert (await acting.referral()).hold is not None
    assert "hold.placed" in await acting.logged()
    assert "Say which and why" in await answered(acting, who, f"lift hold {reference}")
    said = await answered(acting, who, f"Lift hold {reference}: it ended")
    assert "is lifted" in said
    assert (await acting.referral()).hold is None


async def test_hold_says_how_and_says_what_is_so_already(acting: Acting) -> None:
    await _closed(acting)
    reference = (await acting.referral()).reference
    assert "Say which and why" in await answered(acting, "man-1", "hold")
    assert "Say which and why" in await answered(acting, "man-1", "lift hold")
    assert "is not on legal hold" in await answered(acting, "man-1", f"lift hold {reference} x")
    await answered(acting, "man-1", f"hold {reference} because a court asked")
    again = await answered(acting, "man-1", f"hold {reference} because of something else")
    assert f"{reference} is on legal hold already: a court asked" in again
    assert (await acting.logged()).count("hold.placed") == 1
    assert "hold or lift hold" in await answered(acting, "man-1", "help")


async def test_others_may_not_hold(acting: Acting) -> None:
    await acting.referred()
    reference = (await acting.referral()).reference
    said = await answered(acting, "masho-1", f"hold {reference} because why not")
    assert "A records officer or a manager" in said
    assert (await acting.referral()).hold is None
    assert "no referral" in await answered(acting, "man-1", "hold REF-2026-09999 because x")


# What a reviewer broke -----------------------------------------------------------------


async def _appended(rows: Rows, case_id: str, *events: ev.Event, at: dt.datetime = DUE) -> None:
    log = TableLog(rows)
    last = (await log.load(case_id)).commits[-1]
    recorded = tuple(ev.Recorded(e, at, "sw-1") for e in events)
    await log.append(replace(last, n=last.n + 1, at=at, recorded=recorded, effects=(), press=""))


async def test_words_written_after_an_erasure_are_planned_and_erased_too(
    rows: Rows, kept: FolderBlobs, files: FolderBlobs
) -> None:
    keys = Keys(kept)
    await erased(rows, keys)
    case_id = next(r.partition for r in await rows.scan("Commits"))
    noted = ev.ImmediateFlagged("He ran away from home last night")
    await _appended(rows, case_id, noted, ev.ReferralClosed())
    assert [line.case_id for line in (await work(rows).plan()).due] == []
    later = DUE + dt.timedelta(days=DAYS + 2)
    plan = await work(rows, now=later).plan()
    assert [line.case_id for line in plan.due] == [case_id]
    made = Certificate("ERASE-2", "Olu B.", later.isoformat(), DAYS)
    await work(rows, keys, later).erase(plan, made)
    assert made.left == []
    assert await Erasing(rows).rows_with_words(case_id) == 0
    assert await keys.destroyed(f"{case_id}.1")


async def test_a_hold_on_a_call_holds_the_referral_that_took_it_in(rows: Rows) -> None:
    """The held call's words stand in both."""
    cases = sorted({r.partition for r in await rows.scan("Commits")})
    log = TableLog(rows)
    keeper, call = cases[0], cases[1]
    first = (await log.load(keeper)).commits[0]
    taken = next(r.event for r in first.recorded if isinstance(r.event, ev.IntakeSubmitted))
    absorbed = ev.ReferralAbsorbed("REF-2026-00099", call, "masho-1", "masho-1", taken.intake)
    await _appended(rows, keeper, absorbed, at=CLOSED_BY)
    await _appended(rows, call, ev.HoldPlaced("A court asked"))
    plan = await work(rows).plan()
    assert keeper not in {line.case_id for line in plan.due}
    assert call not in {line.case_id for line in plan.due}
    assert len(plan.held) == 2


async def test_a_hold_that_comes_while_others_are_erased_is_honoured(rows: Rows) -> None:
    plan = await work(rows).plan()
    last = plan.due[-1]

    class Held(Erasing):
        async def words_of_case(self, case_id: str) -> Gone:
            if case_id == plan.due[0].case_id:
                await _appended(rows, last.case_id, ev.HoldPlaced("A court asked"))
            return await super().words_of_case(case_id)

    made = paper()
    await Retention(rows, TableLog(rows), PARTNERSHIP, Held(rows), DUE).erase(plan, made)
    assert made.left == [{"reference": last.reference, "because": "on_hold"}]
    assert await Erasing(rows).rows_with_words(last.case_id) > 0


async def test_a_run_that_died_leaves_a_certificate_of_what_it_did(rows: Rows) -> None:
    dying: Rows = Dying(rows, 60)  # type: ignore[assignment]
    with pytest.raises(StoreUnavailable):
        await work(dying).erase(await work(rows).plan(), paper())
    kept = await rows.get("Index", "certificates", "ERASE-1")
    assert kept is not None
    said = json.loads(str(kept.props["certificate"]))
    assert said["ended_at"] == ""
    gone = [e["case"] for e in said["erased"]]
    assert gone
    for case_id in gone:
        assert await Erasing(rows).rows_with_words(case_id) == 0


async def test_a_file_that_is_being_read_is_said_and_not_forgotten(rows: Rows) -> None:
    class Read(Erasing):
        async def finish(self) -> None:
            raise StoreUnavailable("the file is being read: try again")

    made = paper()
    plan = await work(rows).plan()
    await Retention(rows, TableLog(rows), PARTNERSHIP, Read(rows), DUE).erase(plan, made)
    assert len(made.erased) == 6
    assert made.left == [
        {"reference": "the store's own files", "because": "the file is being read: try again"}
    ]


def test_nothing_is_erased_where_the_certificate_cannot_be_written(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan = str(tmp_path / "plan.json")
    assert main(["retention", "--plan", plan, *at]) == 0
    nowhere = str(tmp_path / "none" / "c.json")
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", nowhere, *at]
    assert main(erase) == 64
    assert "no folder" in capsys.readouterr().err
    assert main(["retention", "--plan", plan, *at]) == 0
    assert "Due: 6 referrals" in capsys.readouterr().out


async def _erased_on(acting: Acting, between: Callable[[], Awaitable[None]] | None = None) -> None:
    """Erases everything due in a running bot's store; `between` runs once the first is logged."""
    rows = acting.r.front_door.rows
    now = acting.r.clock.now()

    class Watched(Erasing):
        async def words_of_case(self, case_id: str) -> Gone:
            if between:
                await between()
            return await super().words_of_case(case_id)

    retention = Retention(rows, TableLog(rows), PARTNERSHIP, Watched(rows), now)
    await retention.erase(await retention.plan(), paper(now))


async def _relisted(acting: Acting) -> None:
    ticker = acting.r.front_door.desk.ticker
    ticker._listed_at = float("-inf")
    await ticker.tick()
    await acting.r.settled()


async def test_a_bot_that_looks_between_the_log_and_the_rows_keeps_and_shows_nothing(
    acting: Acting,
) -> None:
    await acting.brief(safe_now="no")
    await acting.tap("sw-1", "flag")
    await acting.tap("sw-1", "taken.open")
    words = "Late on 11 of the last 15 school days"
    await acting.dialog(
        "mgr-1", "withdraw.open", "withdraw.save", reason="Typed on the wrong child"
    )
    assert (await acting.referral()).state == "withdrawn"
    await advance(acting.r.front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    await _erased_on(acting, lambda: _relisted(acting))
    await _relisted(acting)
    assert words not in repr(acting.r.front_door.desk.cases.warm())
    shown = json.dumps([m.card for m in acting.r.world.messages.values()])
    assert words not in shown


async def test_a_card_that_could_not_be_edited_stays_listed_until_it_was(acting: Acting) -> None:
    await _closed(acting)
    await advance(acting.r.front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    BadDay(acting.r, "PUT", "").answer(503, 4)
    await _erased_on(acting)
    await _relisted(acting)
    log = acting.r.front_door.log
    assert acting.case_id in await log.open_cases(), "a restart must find it"
    acting.r.front_door.desk.outbox.kick(acting.case_id)
    await acting.r.settled()
    assert "was erased on" in json.dumps((await acting.briefing()).card)
    assert acting.case_id not in await log.open_cases()


def test_another_places_keys_are_not_the_keys_of_this_export(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the certificate would say erased, and the export could still be read."""
    at = ["--clock", DUE.isoformat(), "--store", store]
    first, second = (
        ["--files", str(tmp_path / f"files{n}"), "--keys", str(tmp_path / f"keys{n}")]
        for n in (1, 2)
    )
    plan, certificate = str(tmp_path / "plan.json"), str(tmp_path / "certificate.json")
    assert main(["export", "--store", store, *first]) == 0
    assert main(["retention", "--plan", plan, *at]) == 0
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", certificate, *at]
    assert main([*erase, *second]) == 64
    assert main(["export", "--store", store, *second]) == 0
    assert main([*erase, *second]) == 64
    assert "keys of 1 of its exports" in capsys.readouterr().err.replace("\n", " ")
    assert not Path(certificate).exists()
    assert main([*erase, *second, "--also-keys", str(tmp_path / "keys1")]) == 0
    said = json.loads(Path(certificate).read_text("utf-8"))
    assert all(line["keys"] == 2 for line in said["erased"])
