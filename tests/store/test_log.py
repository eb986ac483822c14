"""The log's contract on both stores: commits, references, races, replay, hostile words."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from dataclasses import replace

import pytest

from bot import configuration
from bot.desk.ports import (
    AlreadyThere,
    Commit,
    Effect,
    EffectStatus,
    Row,
    Rows,
    SeenPerson,
    StoreTooNew,
)
from bot.domain import events as ev
from bot.domain.evolve import fold
from bot.domain.figures import figures_of
from bot.domain.intake import Child, Intake
from bot.domain.referral import Referral
from bot.domain.vocabulary import Role
from bot.store import codec
from bot.store.log import TableLog
from tests.store.test_rows import HOSTILE

PARTNERSHIP = configuration.load(configuration.DEFAULT_FILE)
AT = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC)


def intake(words: str) -> Intake:
    return Intake(
        AT,
        (Child("9900101", "5_to_9"), Child("to follow", "under_1")),
        "North",
        "home",
        words,
        safe_now="yes",
        referrer_group="school",
        needs=("daily_care",),
        call_ended_at=AT + dt.timedelta(minutes=5),
    )


def everything(words: str) -> list[ev.Event]:
    """One of each event that carries people's words or nested values."""
    action = ev.Action(words, "daily_care", "", words, "health", dt.date(2026, 11, 30))
    return [
        ev.ReferralReceived(AT),
        ev.IntakeSubmitted(intake(words), "REF-2026-00001", "", AT),
        ev.IntakeAmended({"wants": words, "children": (Child("9900102", "1_to_4"),)}, words),
        ev.ContributionAdded(
            "health", "known", words, words, words, words, sharing=ev.Sharing("shared", "x", words)
        ),
        ev.MessageAdded(words, "police", "1"),
        ev.ImmediateFlagged(words),
        ev.PlanSaved((action, action), words, words),
        ev.OutcomeProposed("ehu", words, (("9900101", "social_care"),), ("police",)),
        ev.OutcomeEndorsed("second_person", words),
        ev.FeedbackSent("school", "professional_full", "phone", words),
    ]


def commit(stream: str, n: int, events: list[ev.Event], **extra: object) -> Commit:
    recorded = tuple(ev.Recorded(e, AT, "masho-1") for e in events)
    return Commit(stream, n, AT, "masho-1", recorded, **extra)  # type: ignore[arg-type]


def stream() -> str:
    return uuid.uuid4().hex


@pytest.mark.parametrize("words", ["plain", *HOSTILE[:5]], ids=range(6))
async def test_a_commit_loads_as_it_was_appended(rows: Rows, words: str) -> None:
    log, where = TableLog(rows), stream()
    made = commit(
        where,
        1,
        everything(words),
        effects=(Effect("say", {"to": ["a"], "level": 1}),),
        press="key",
        passed=("phone",),
        configuration="abc",
    )
    await log.append(made)
    assert (await log.load(where)).commits == (made,)


async def test_a_very_long_commit_is_cut_into_properties_and_put_together(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    made = commit(where, 1, [ev.MessageAdded("ش" * 40_000 + "👧" * 20_000, "police")])
    await log.append(made)
    assert (await log.load(where)).commits == (made,)


async def test_replaying_the_log_gives_the_same_state(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    events = everything("words")
    for n, event in enumerate(events, 1):
        await log.append(commit(where, n, [event]))
    loaded = await log.load(where)
    replayed = fold(Referral(where), [r for c in loaded.commits for r in c.recorded])
    direct = fold(Referral(where), [ev.Recorded(e, AT, "masho-1") for e in events])
    assert replayed == direct


async def test_of_twenty_appending_the_same_number_one_wins(rows: Rows) -> None:
    log, where = TableLog(rows), stream()

    async def attempt(n: int) -> bool:
        try:
            await log.append(commit(where, 1, [ev.LeadClaimed(str(n))]))
        except AlreadyThere:
            return False
        return True

    won = await asyncio.gather(*(attempt(n) for n in range(20)))
    assert sum(won) == 1
    assert len((await log.load(where)).commits) == 1


async def test_an_append_whose_answer_was_lost_is_known_as_our_own(rows: Rows) -> None:
    """The row landed, the answer did not: trying the same write again is no conflict."""
    where = stream()

    class LosesFirstAnswer:
        def __init__(self) -> None:
            self.creates = 0

        def __getattr__(self, name: str) -> object:
            return getattr(rows, name)

        async def write(self, made: list[Row]) -> None:
            await rows.write(made)
            await rows.write(made)

    log = TableLog(LosesFirstAnswer())  # type: ignore[arg-type]
    await log.append(commit(where, 1, [ev.LeadClaimed()]))
    assert len((await log.load(where)).commits) == 1


async def test_load_after_a_number_brings_only_what_is_newer(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    for n in range(1, 5):
        await log.append(commit(where, n, [ev.MessageAdded(str(n), "police")]))
    assert [c.n for c in (await log.load(where, 2)).commits] == [3, 4]


async def test_references_run_on_and_never_repeat_under_a_race(rows: Rows) -> None:
    year = 3000 + uuid.uuid4().int % 6000
    first, second = TableLog(rows), TableLog(rows)
    cases = [stream() for _ in range(12)]
    given = await asyncio.gather(
        *(log.reserve_reference(c, year) for c, log in zip(cases, [first, second] * 6, strict=True))
    )
    assert sorted(given) == [f"REF-{year}-{n:05d}" for n in range(1, 13)]


async def test_the_same_case_keeps_the_reference_it_reserved(rows: Rows) -> None:
    year = 3000 + uuid.uuid4().int % 6000
    case = stream()
    reserved = await TableLog(rows).reserve_reference(case, year)
    assert await TableLog(rows).reserve_reference(case, year) == reserved
    assert await TableLog(rows).case_of_reference(reserved) == case


async def test_an_effect_is_claimed_once(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    status = EffectStatus(1, 0, "sending", AT)
    await log.set_effect(where, status)
    with pytest.raises(AlreadyThere):
        await log.set_effect(where, status)
    assert [s.state for s in (await log.load(where)).statuses] == ["sending"]


async def test_peoples_words_stand_apart_from_facts(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    await log.append(commit(where, 1, everything("PLANTED-WORDS")))
    row = await rows.get("Commits", where, codec.commit_key(1))
    assert row is not None
    holding = [name for name, value in row.props.items() if "PLANTED-WORDS" in str(value)]
    assert holding == ["words"]


async def test_blanked_words_still_load_and_keep_the_facts(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    await log.append(commit(where, 1, everything("gone")))
    row = await rows.get("Commits", where, codec.commit_key(1))
    assert row is not None
    await rows.put(Row(row.table, row.partition, row.key, {**row.props, "words": "[]"}))
    loaded = (await log.load(where)).commits[0].recorded
    submitted = loaded[1].event
    assert isinstance(submitted, ev.IntakeSubmitted)
    assert submitted.intake.seen_heard == ""
    assert submitted.intake.needs == ("daily_care",)


async def test_a_row_of_a_newer_version_is_refused(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    await log.append(commit(where, 1, [ev.LeadClaimed()]))
    row = await rows.get("Commits", where, codec.commit_key(1))
    assert row is not None
    await rows.put(Row(row.table, row.partition, row.key, {**row.props, "needs": 99}))
    with pytest.raises(StoreTooNew):
        await log.load(where)


@pytest.mark.parametrize("text", ["/\\#?", "a b", "é👧", "\u202e", "x" * 5000])
async def test_any_text_can_be_a_key(rows: Rows, text: str) -> None:
    log = TableLog(rows)
    await log.link_thread(text, "case")
    assert await log.case_of_thread(text) == "case"


async def test_figures_drawn_from_an_older_commit_do_not_replace_newer_ones(rows: Rows) -> None:
    log, where = TableLog(rows), stream()
    week = f"2026-{where}"
    received = ev.Recorded(ev.ReferralReceived(AT), AT, "masho-1")
    submitted = ev.Recorded(
        ev.IntakeSubmitted(intake("words"), "REF-2026-00001", "", AT), AT, "masho-1"
    )
    older = figures_of(fold(Referral(where), [received, submitted]), PARTNERSHIP)
    newer = replace(older, lead="eh-1")
    await log.save_figures(week, older, 2)
    await asyncio.gather(log.save_figures(week, newer, 4), log.save_figures(week, older, 3))
    assert await log.figures(week) == [newer]
    await log.save_figures(week, replace(newer, lead="sw-1"), 5)
    assert [f.lead for f in await log.figures(week)] == ["sw-1"]


async def test_people_seen_are_kept_newest_as_they_are_called(rows: Rows) -> None:
    log = TableLog(rows)
    before = await log.people()
    for words in HOSTILE:
        person = SeenPerson(str(uuid.uuid4()), words[:60], Role.REP, "early_help")
        await log.save_person(person)
        lost = replace(person, role=Role.NONE)
        await log.save_person(lost)
        before.append(lost)

    assert sorted(await log.people(), key=str) == sorted(before, key=str)


async def test_a_role_this_program_does_not_know_is_no_role(rows: Rows) -> None:
    log = TableLog(rows)
    object_id = str(uuid.uuid4())
    props = {"object_id": object_id, "name": "Femi A.", "role": "wizard", "agency": "early_help"}
    await rows.put(Row("Index", "person", object_id, dict(props)))

    found = [p for p in await log.people() if p.object_id == object_id]

    assert [p.role for p in found] == [Role.NONE]
