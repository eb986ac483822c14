"""Every field of every button of every card, changed and pressed by everybody: what is logged is
what the table of who may allows, and nobody who is not answered is told anything.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from bot.teams.routes import ROUTES
from bot.teams.who_may import PRESSES
from tests.security.buttons import buttons
from tests.security.ground import CANARY, Ground, ground
from tests.security.results import write_result
from tests.security.tampering import Tampered, activity, all_presses, answered, presser

SEED = 20261128
ALONGSIDE = {
    "intake.brief": {"referral.received", "immediate.flagged"},
    "intake.immediate": {"referral.received", "immediate.flagged"},
    "intake.rest": {"immediate.flagged"},
    "agree": {"strategy.considered"},
    "outcome.pick": {"intake.amended", "strategy.considered"},
    "huddle.save": {
        "lead.claimed",
        "lead.assigned",
        "lead.handover_offered",
        "intake.amended",
        "plan.saved",
        "outcome.proposed",
        "strategy.considered",
    },
    "correct.save": {"strategy.considered"},
    "feedback.sent": {"intake.amended"},
    "feedback.ask": {"intake.amended"},
    "feedback.hold": {"intake.amended"},
    "again.save": {"intake.amended"},
    "mail.open": {"intake.amended"},
    "mail.send": {"intake.amended", "feedback.sent", "feedback.email_failed"},
    "notes.confirm": {"intake.amended", "casenote.opened"},
}
"""What a press may log besides its own event, each judged by the table as well."""


def test_every_verb_is_on_some_golden_card() -> None:
    assert {b.verb for b in buttons()} == set(ROUTES)


async def press_all(there: Ground, most: int | None) -> dict[str, int]:
    """Presses them all, or so many by lot. Returns how many were sent, logged and refused."""
    rng = random.Random(SEED)
    wanted = list(all_presses(there, buttons(), rng))
    whole = len(wanted)
    if most is not None:
        wanted = rng.sample(wanted, most)
    counted: Counter[str] = Counter(whole=whole)
    for press, who, case_id in wanted:
        await _press(there, press, who, case_id, rng, counted)
    return dict(counted)


async def _press(
    there: Ground,
    press: Tampered,
    who: str,
    case_id: str,
    rng: random.Random,
    counted: Counter[str],
) -> None:
    person = presser(there, who)
    sender = person if who not in ("stranger", "elsewhere") else None
    sent = activity(there, press, who, case_id, rng)
    posts = len(there.r.world.messages)
    status, body = await there.send(sent, sender)
    new = list(there.r.world.messages.values())[posts:]
    said = str(body) + "".join(m.text for m in new)
    here = [m for m in new if m.conversation_id == sent["conversation"]["id"]]
    # What an earlier flag owes an assessment team comes when it comes, and is theirs.
    said += "".join(drawn for m in here if "'take_it'" not in (drawn := str(m.card)))
    where = (press.button.sample, press.how, press.data.get("verb"), who)
    assert status == 200, where
    if sent["type"] == "invoke" and press.button.execute:
        assert body["statusCode"] == 200, where
    counted["sent"] += 1
    counted["logged"] += bool(there.logged)
    verb = str(press.data.get("verb"))
    rule = PRESSES.get(verb)
    if not answered(press, person, who):
        assert there.logged == [], where
        assert CANARY not in said, where
    elif rule and not rule.events:
        assert all(e.startswith(("roll.", "roster.")) for e in there.logged), (where, there.logged)
    elif rule:
        assert set(there.logged) <= {*rule.events, *ALONGSIDE.get(verb, ())}, (where, there.logged)


def _holds(there: Ground) -> None:
    assert there.wrong == []
    assert there.faults.found == []


async def test_what_tampered_buttons_log_is_what_the_table_allows(tmp_path: Path) -> None:
    async with ground(tmp_path, keeps=False) as there:
        counted = await press_all(there, 900)

    _holds(there)
    assert counted["sent"] == 900
    assert counted["logged"] > 30, "the buttons are real: some of it is anybody's right"


@pytest.mark.whole
async def test_the_same_of_every_field_of_every_button_by_everybody(tmp_path: Path) -> None:
    async with ground(tmp_path, keeps=False) as there:
        counted = await press_all(there, None)

    _holds(there)
    assert counted["sent"] == counted["whole"]
    write_result("tampered buttons", counted)
