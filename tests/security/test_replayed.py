"""Presses that were right once, or right elsewhere: answered with how things stand, logged once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import LeadClaimed
from tests.security.ground import CANARY, ELSEWHERE, Ground, ground
from tests.wire.acting import words_of

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Ground]:
    async with ground(tmp_path, keeps=True) as made:
        yield made
        assert made.wrong == []
        assert made.faults.found == []


def case_in(there: Ground, state: str) -> str:
    return next(c for c, laid in there.cases.items() if laid == state)


def press(there: Ground, who: str, verb: str, case_id: str, **data: Any) -> Json:
    """A one-tap press from the referral's own thread, on the card as it is now."""
    carried = {"verb": verb, "case": case_id, "v": there.version(case_id), **data}
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": carried}}
    return there.r.people.activity(
        who,
        there.thread(case_id),
        type="invoke",
        name="adaptiveCard/action",
        value=value,
        replyToId=there.message(case_id),
    )


async def sent(there: Ground, who: str, activity: Json) -> Json:
    status, body = await there.send(activity, there.r.partnership.person(who))
    assert status == 200
    assert isinstance(body, dict)
    return body


async def logged(there: Ground, case_id: str) -> list[str]:
    stream = await there.r.front_door.log.load(case_id)
    return [r.event.TYPE for c in stream.commits for r in c.recorded if r.by != "bot"]


async def test_a_replayed_press_is_logged_once_and_shows_the_card_as_it_stands(
    there: Ground,
) -> None:
    case_id = case_in(there, "briefed")
    claim = press(there, "eh-1", "claim", case_id)
    first = await sent(there, "eh-1", claim)
    after = await logged(there, case_id)
    again = await sent(there, "eh-1", claim)
    new_id = await sent(there, "eh-1", {**claim, "id": there.r.world.new_id()})

    assert after.count("lead.claimed") == 1
    assert await logged(there, case_id) == after
    for answer in (first, again, new_id):
        assert answer["type"] == CARD
        assert "Femi" in words_of(answer["value"])


async def test_the_same_words_sent_again_are_said_once(there: Ground) -> None:
    case_id = case_in(there, "talked")
    add = press(there, "hlt-1", "add", case_id, words="Seen on Monday, and well.")
    await sent(there, "hlt-1", add)
    after = await logged(there, case_id)
    rung = press(there, "sw-1", "add", case_id, words="Her aunt rang.")
    await sent(there, "sw-1", rung)
    await sent(there, "hlt-1", {**add, "id": there.r.world.new_id()})

    assert (await logged(there, case_id)) == [*after, "contribution.added"]


async def test_a_stale_press_changes_nothing_and_shows_who_was_first(there: Ground) -> None:
    case_id = case_in(there, "briefed")
    late = press(there, "hlt-1", "claim", case_id)
    await sent(there, "eh-1", press(there, "eh-1", "claim", case_id))
    before = await logged(there, case_id)
    answer = await sent(there, "hlt-1", late)

    assert await logged(there, case_id) == before
    assert answer["type"] == CARD
    assert "Femi" in words_of(answer["value"])


async def test_an_agree_from_before_the_outcome_changed_hands_does_not_count_again(
    there: Ground,
) -> None:
    case_id = case_in(there, "picked")
    agree = press(there, "sw-1", "agree", case_id)
    undo = press(there, "eh-1", "undo", case_id)
    await sent(there, "eh-1", undo)
    answer = await sent(there, "sw-1", agree)

    assert "outcome.endorsed" not in await logged(there, case_id)
    assert answer["type"] == CARD
    assert there.state(case_id) == "in_discussion"


async def test_a_press_for_another_referral_than_its_threads_is_refused(there: Ground) -> None:
    here, other = case_in(there, "talked"), case_in(there, "briefed")
    crossed = press(there, "eh-1", "claim", other)
    crossed["conversation"]["id"] = there.thread(here)
    before = [await logged(there, c) for c in (here, other)]
    answer = await sent(there, "eh-1", crossed)

    assert [await logged(there, c) for c in (here, other)] == before
    assert answer["type"] == CARD
    assert there.reference(other) in words_of(answer["value"])


@pytest.mark.parametrize("where", ["channelData", "conversation", "from"])
async def test_a_press_from_another_tenant_is_refused_and_shown_nothing(
    there: Ground, where: str
) -> None:
    case_id = case_in(there, "briefed")
    foreign = press(there, "eh-1", "claim", case_id)
    if where == "channelData":
        foreign["channelData"]["tenant"]["id"] = ELSEWHERE
    else:
        foreign[where]["tenantId"] = ELSEWHERE
    before = await logged(there, case_id)
    answer = await sent(there, "eh-1", foreign)

    assert await logged(there, case_id) == before
    assert answer["type"] == "application/vnd.microsoft.activity.message"
    assert CANARY not in str(answer)


async def test_another_tenant_is_turned_away_before_anything_is_read_for_it(
    there: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = case_in(there, "briefed")
    foreign = press(there, "eh-1", "claim", case_id)
    foreign["channelData"]["tenant"]["id"] = ELSEWHERE
    desk, read = there.r.front_door.desk, []

    async def noted(*given: object) -> Any:
        read.append(given)
        raise AssertionError("read for a stranger")

    monkeypatch.setattr(desk.roster, "current", noted)
    monkeypatch.setattr(desk.cases, "current", noted)
    monkeypatch.setattr(there.r.front_door.directory, "person", noted)
    answer = await sent(there, "eh-1", foreign)

    assert read == []
    assert "your organisation" in answer["value"]


async def test_the_card_is_not_believed_about_who_presses(there: Ground) -> None:
    case_id = case_in(there, "briefed")
    believed = {"role": "duty_manager", "agency": "police", "lead": "pol-1", "by": "pol-1"}
    await sent(there, "eh-1", press(there, "eh-1", "claim", case_id, **believed))
    await sent(there, "hlt-1", press(there, "hlt-1", "add", case_id, words="Well.", **believed))

    stream = await there.r.front_door.log.load(case_id)
    claims = [r for c in stream.commits for r in c.recorded if r.event.TYPE == "lead.claimed"]
    assert [(r.by, r.event) for r in claims] == [("eh-1", LeadClaimed(agency="early_help"))]
    said = [r for c in stream.commits for r in c.recorded if r.event.TYPE == "contribution.added"]
    assert [(r.by, r.event.agency) for r in said] == [("hlt-1", "health")]
