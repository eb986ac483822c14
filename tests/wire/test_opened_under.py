"""A referral keeps the configuration it was opened under, whatever file the bot is started with."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.rebuild import rebuild
from bot.domain.partnership import Partnership
from bot.domain.terms import Agency
from bot.rehearsal.hands import Hands
from bot.rehearsal.screen import Screen
from cards import wording as w
from tests.tools.tables import rows_of
from tests.wire.acting import BRIEF, Acting, words_of

NEW = "Newly "
"""What every label of the second file starts with: seen on an older referral, it is a forgotten
use.
"""
EVERYBODY = ("masho-1", "pol-1", "eh-1", "sw-1", "mgr-1", "man-1")
OPENERS = (
    "more.open",
    "contribute.open",
    "huddle.open",
    "outcome.open",
    "assign.open",
    "offer.open",
    "police.open",
    "held.open",
    "hand_over.open",
    "withdraw.open",
    "all.open",
    "history.open",
    "correct.open",
    "elsewhere.open",
    "actions.open",
    "feedback.open",
    "notes.open",
    "survey.open",
    "intake.carry_on",
)


def _relabelled(entries: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(replace(e, label=f"{NEW}{e.label}") for e in entries)


def file_b(known: Partnership) -> Partnership:
    """Other words, a need gone, an agency more, other timers, hours and rules."""
    p = known
    outcomes = tuple(replace(o, short=f"{NEW}{o.short}") for o in _relabelled(p.outcomes))
    agencies = (*_relabelled(p.agencies), Agency("faith", f"{NEW}Faith groups", core=True))
    an_hour = dt.timedelta(hours=1)
    opening = {
        day: (opens, (dt.datetime.combine(dt.date.min, closes) - an_hour).time())
        for day, (opens, closes) in p.calendar.opening.items()
    }
    return replace(
        p,
        version="file-b",
        outcomes=outcomes,
        agencies=agencies,
        needs=_relabelled(n for n in p.needs if n.code != "daily_care"),
        referrer_groups=tuple(
            replace(g, feedback_level="public_thanks") for g in _relabelled(p.referrer_groups)
        ),
        districts=_relabelled(p.districts),
        sharing_bases=_relabelled(p.sharing_bases),
        default_sharing_reason=f"{NEW}said",
        calendar=replace(p.calendar, opening=opening),
        outcome_agreement="none",
        timers=replace(
            p.timers,
            claim_nudge_1_working_minutes=60,
            claim_nudge_2_working_minutes=120,
            default_lead_working_minutes=600,
            agree_nudge_working_minutes=60,
            undo_minutes=60,
            withdraw_minutes=600,
        ),
        earlier={},
    )


async def restart(acting: Acting, file: Any = file_b) -> None:
    """The bot again, over the same store, with another file."""
    await acting.r.front_door.stop()
    acting.r._bots = file
    await acting.r._start_bot()


def _new_words(card: Any) -> list[str]:
    return [line for line in words_of(card).splitlines() if NEW.lower() in line.lower()]


async def _seen(acting: Acting) -> dict[str, list[str]]:
    """Words of the new file on anything anybody can open of this referral, by where."""
    found: dict[str, list[str]] = {}
    message = await acting.briefing()
    for person in EVERYBODY:
        hands = acting.hands(person)
        await hands.look(message, by_hand=True)
        found[f"{person} briefing"] = _new_words(message.card_for(person))
        for opener in OPENERS:
            dialog = await _opened(acting, hands, opener)
            found[f"{person} {opener}"] = _new_words(dialog)
        for words in ("mine", "open"):
            await hands.say(words, place="personal")
    # The roll and the pulse are the desk's own, with today's words.
    about = (acting.case_id, (await acting.referral()).reference)
    for sent in acting.r.world.messages.values():
        if any(name in json.dumps(sent.card) for name in about):
            found[f"message {sent.id}"] = _new_words(sent.card or {})
    return {where: words for where, words in found.items() if words}


async def _opened(acting: Acting, hands: Hands, opener: str) -> Any:
    """The card behind a button, whether this screen offers it or not."""
    message = await acting.briefing()
    person = acting.r.world.person(hands.person_id)
    activity = acting.r.people._activity(
        person,
        message.conversation_id,
        type="invoke",
        name="task/fetch",
        replyToId=message.id,
        value={"data": {"case": acting.case_id, "verb": opener}},
    )
    _, body = await acting.r.people.deliver(activity)
    task = body.get("task", {}).get("value", {})
    return task.get("card", {}).get("content", {}) if isinstance(task, dict) else {}


async def _figures(acting: Acting) -> list[Any]:
    rows = await rows_of(acting.r.front_door.rows, "Figures")
    return [json.loads(str(r.props["figures"])) for r in rows]


async def test_an_older_referral_shows_no_word_of_the_new_file_at_any_step(acting: Acting) -> None:
    await acting.referred()
    await restart(acting)
    assert await _seen(acting) == {}
    await acting.tap("pol-1", "add", words="One call about noise in March.")
    await acting.tap("eh-1", "claim")
    assert await _seen(acting) == {}
    await acting.pick("eh-1")
    assert await _seen(acting) == {}
    await acting.tap("sw-1", "agree")
    assert await _seen(acting) == {}
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    await acting.dialog("masho-1", "notes.open", "notes.confirm")

    assert await _seen(acting) == {}
    referral = await acting.referral()
    assert referral.state == "closed"
    said = [c.said.sharing for c in referral.contributions]
    assert [s.reason for s in said if s] == ["Helps the team work out what the child needs"]


async def test_a_new_referral_has_the_new_file_and_none_of_the_old(acting: Acting) -> None:
    await acting.referred()
    await restart(acting)
    dialog = await acting.form()
    assert NEW in words_of(dialog.card)
    await acting.brief(mosaic_1="9900102", needs="emotional")
    shown = await acting.shown("eh-1")

    assert f"{NEW}" in shown
    assert (await acting.referral()).configuration == "file-b"


async def test_a_need_that_was_retired_cannot_be_chosen_for_a_new_referral(acting: Acting) -> None:
    await restart(acting)
    dialog = await acting.form()
    card = Screen(dialog.card)
    data = card.press("intake.brief")[0]["data"]
    activity = acting.r.people.activity(
        "masho-1",
        acting.r.world.chat_id(acting.r.world.person("masho-1")),
        type="invoke",
        name="task/submit",
        value={"data": {**data, **BRIEF, "needs": "daily_care"}},
    )
    _, body = await acting.r.people.deliver(activity)
    acting.case_id = data["case"]

    assert "task" in body
    assert (await acting.referral()).version == 0


async def test_its_rules_and_clocks_are_those_it_was_opened_under(acting: Acting) -> None:
    """Opened where a second person agrees; started again where nobody need."""
    await acting.referred()
    await restart(acting)
    await acting.to("2026-11-24T09:11")
    assert ("claim", 1) in (await acting.referral()).nudges
    await acting.to("2026-11-24T09:31")
    assert (await acting.referral()).lead_defaulted
    await acting.pick("mgr-1")
    referral = await acting.referral()
    assert referral.state == "outcome_proposed"
    assert w.B_UNDO in await acting.shown("mgr-1")
    await acting.later(minutes=6)
    assert w.B_UNDO not in await acting.shown("mgr-1")
    await acting.later(minutes=10)

    assert ("agree", 1) in (await acting.referral()).nudges


async def test_beside_it_a_new_referral_follows_the_new_rules(acting: Acting) -> None:
    await restart(acting)
    await acting.brief(needs="emotional")
    await acting.hands("masho-1").compose("newReferral", "personal")
    await acting.later(minutes=31)
    referral = await acting.referral()

    assert referral.nudges == frozenset()
    assert referral.lead == ""


async def test_its_figures_are_counted_as_it_was_opened_and_come_back_the_same(
    acting: Acting,
) -> None:
    """Decided after the new file's closing time, before the old one's: in time."""
    await acting.referred()
    await acting.agreed()
    before = await _figures(acting)
    await restart(acting)
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    after = await _figures(acting)
    rows = acting.r.front_door.rows
    for row in await rows_of(rows, "Figures"):
        await rows.delete(row.table, row.partition, row.key)
    made = await rebuild(rows, acting.r.front_door.log, file_b(acting.r.partnership))
    again = await _figures(acting)

    assert made == 1
    assert again == after
    same = ("decision_due", "decision_in_time", "plan_score", "outcome", "lead_agency")
    assert [after[0].get(k) for k in same] == [before[0].get(k) for k in same]


async def test_a_referral_of_another_files_replica_is_learnt_on_demand(acting: Acting) -> None:
    """Two replicas during a roll-out: one knows the new file, the other meets it in a commit."""
    await acting.brief()
    old = acting.r.front_door
    stored = await old.log.load(acting.case_id)
    await old.log.save_terms("file-b", file_b(old.partnership).terms)
    theirs = "c" * 32
    for commit in stored.commits[:1]:
        await old.log.append(replace(commit, stream=theirs, configuration="file-b"))
    referral = (await old.desk.cases.current(theirs)).referral

    opened = old.partnership.as_opened(referral.configuration)
    assert opened.outcome_agreement == "none"
    assert opened.people == old.partnership.people


async def test_a_version_that_is_gone_is_said_once_and_todays_serves(
    acting: Acting, caplog: pytest.LogCaptureFixture
) -> None:
    await acting.referred()
    version = (await acting.referral()).configuration
    rows = acting.r.front_door.rows
    await rows.delete("Index", "configuration", version)
    with caplog.at_level(logging.WARNING, "frontdoor.versions"):
        await restart(acting)
        shown = await acting.shown("eh-1")
        await acting.tap("eh-1", "claim")

    assert NEW in shown
    assert (await acting.referral()).lead == "eh-1"
    lines = [r for r in caplog.records if r.name == "frontdoor.versions"]
    assert [getattr(r, "configuration", "") for r in lines] == [version]


async def test_what_is_kept_holds_no_person_and_no_number(acting: Acting) -> None:
    rows = await acting.r.front_door.rows.query("Index", "configuration")
    (row,) = rows
    kept = str(row.props)
    p = acting.r.front_door.partnership

    assert row.key == p.version
    assert not [x.name for x in p.people if x.name in kept or x.object_id in kept]
    assert p.mash_phone not in kept
    assert p.tenants["host"] not in kept


async def test_the_number_to_ring_is_todays(acting: Acting) -> None:
    def moved(known: Partnership) -> Partnership:
        teams = tuple(replace(t, phone="01632 960999") for t in known.assessment_teams)
        return replace(file_b(known), assessment_teams=teams)

    await acting.referred()
    await restart(acting, moved)
    await acting.tap("eh-1", "flag")

    assert "01632 960999" in await acting.shown("sw-1")


async def test_an_agency_added_since_can_say_what_it_knows(acting: Acting) -> None:
    def with_faith(known: Partnership) -> Partnership:
        made = file_b(known)
        people = tuple(replace(x, agency="faith") if x.id == "pol-1" else x for x in made.people)
        return replace(made, people=people)

    await acting.referred()
    await restart(acting, with_faith)
    await acting.tap("pol-1", "add", words="He comes to our club on Fridays.")
    referral = await acting.referral()

    assert [c.said.agency for c in referral.contributions] == ["faith"]
    assert "Faith groups" in await acting.shown("eh-1")


async def test_two_referrals_opened_under_two_files_can_be_one(acting: Acting) -> None:
    """The later brings a caller and a need that only its own file has."""

    def with_need(known: Partnership) -> Partnership:
        made = file_b(known)
        (first, *rest) = made.referrer_groups
        groups = (*rest, replace(first, code="coach", label=f"{NEW}coach"))
        needs = (*made.needs, replace(made.needs[0], code="rest", label=f"{NEW}rest"))
        return replace(made, referrer_groups=groups, needs=needs)

    earlier = await acting.referred()
    first_case = acting.case_id
    await restart(acting, with_need)
    await acting.brief(needs="rest", referrer_group="coach")
    later_case = acting.case_id
    reference = (await acting.referral()).reference
    await acting.dialog("masho-1", "merge.open", "merge.save", other=earlier.reference)
    acting.case_id = first_case
    await acting.tap("eh-1", "claim")
    shown = await acting.shown("eh-1")
    referral = await acting.referral()

    assert (await acting.desk.cases.fresh(later_case)).referral.state == "merged"
    assert reference in [c.reference for c in referral.merged_callers]
    assert f"{NEW.strip()} coach" in shown
    await acting.pick("eh-1")
    await acting.tap("sw-1", "agree")
    assert (await acting.referral()).state == "outcome_agreed"
