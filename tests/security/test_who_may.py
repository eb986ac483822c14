"""Every way into the bot has a rule of who may, and the rule is what happens."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

from bot.desk.ports import RefusalRecord
from bot.domain.partnership import Person
from bot.domain.transitions import LEAD, NEW_LEAD, PROPOSER, TRANSITIONS
from bot.domain.vocabulary import Role
from bot.teams import bot as door
from bot.teams.press import Press, Reply, SayWords, Turn
from bot.teams.routes import ROUTES
from bot.teams.routes_desk import COMMANDS
from bot.teams.who_may import PRESSES, SENT, TYPED, About, Rule
from tests.security.ground import RECORDS, Ground, ground

Json = dict[str, Any]

RULES = {
    **{("pressed", name): rule for name, rule in PRESSES.items()},
    **{("typed", name): rule for name, rule in TYPED.items()},
    **{("sent", name): rule for name, rule in SENT.items()},
}
WAYS_IN: dict[str, dict[str, Rule]] = {
    "adaptiveCard/action": dict(PRESSES),
    "task/fetch": dict(PRESSES),
    "task/submit": dict(PRESSES),
    "composeExtension/submitAction": dict(PRESSES),
    "composeExtension/fetchTask": {"intake.open": PRESSES["intake.open"], **SENT},
    "fileConsent/invoke": {"consent": SENT["consent"]},
    "on_message_activity": {**PRESSES, **TYPED, **SENT},
    "on_message_update_activity": {"changed": SENT["changed"]},
    "on_message_delete_activity": {"changed": SENT["changed"]},
}
"""Each way in, and the rules it goes by."""
ONLY_GREETS = {"on_conversation_update_activity", "on_installation_update"}
"""Keep an address and say hello to somebody with a role: nothing else."""
_TO_IT = (LEAD, PROPOSER, NEW_LEAD)
"""What anybody who is answered may be to a referral."""
BY_ROLE = {
    Role.MASHO: "masho-1",
    Role.REP: "eh-1",
    Role.DUTY_SOCIAL_WORKER: "sw-1",
    Role.DUTY_MANAGER: "mgr-1",
    Role.MANAGER: "man-1",
    Role.ASSESSMENT_TEAM: "axt-1",
    Role.RECORDS_OFFICER: "rec-1",
}


def _invokes() -> set[str]:
    """Names of invokes that the bot answers, read from its own source."""
    tree = ast.parse(inspect.getsource(door))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.match_case):
            found |= {
                each.value
                for each in ast.walk(node.pattern)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    return found


def test_every_verb_has_a_rule_and_no_rule_is_without_a_verb() -> None:
    assert set(ROUTES) == set(PRESSES)


def test_every_command_that_is_typed_has_a_rule() -> None:
    assert [c.name for c in COMMANDS if c.name not in TYPED] == []
    assert set(TYPED) == {c.name for c in COMMANDS}


def test_every_way_into_the_bot_goes_by_rules() -> None:
    handlers = {name for name in vars(door.FrontDoorBot) if name.startswith("on_")}

    assert _invokes() == {name for name in WAYS_IN if "/" in name}
    assert handlers == {name for name in WAYS_IN if "/" not in name} | ONLY_GREETS
    assert all(WAYS_IN.values())


@pytest.mark.parametrize(("way", "name"), sorted(RULES))
def test_a_rule_says_who_and_names_events_there_are(way: str, name: str) -> None:
    rule = RULES[way, name]

    assert rule.roles
    assert not rule.roles & {Role.NONE, Role.BOT}
    assert set(rule.events) <= set(TRANSITIONS)
    assert not rule.first or rule.events
    if rule.about is About.REFERRAL and rule.events:
        able = {who for event in rule.events for who in TRANSITIONS[event].who}
        assert able & {*map(str, rule.roles), *_TO_IT}, "nobody could"


async def _made_up(turn: Turn, press: Press) -> Reply:
    return SayWords("Done.")


async def test_a_route_without_a_rule_answers_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROUTES, "made.up", _made_up)
    async with ground(tmp_path, keeps=False) as there:
        case_id = next(iter(there.cases))
        assert await _codes(there, "mgr-1", "made.up", case_id) == ["unknown_verb"]


async def _codes(there: Ground, who: str, verb: str, case_id: str) -> list[str]:
    """The codes of the refusals that one press by this person leaves."""
    person = there.r.partnership.person(who) or RECORDS
    data = {"verb": verb, "case": case_id, "v": there.version(case_id)}
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
    place = there.thread(case_id)
    rule = PRESSES.get(verb)
    if rule and rule.called in ("roster.changed", "download"):
        place = there.r.world.chat_id(person)
    sent = there.r.people._activity(
        person, place, type="invoke", name="adaptiveCard/action", value=value
    )
    return await _refusals_of(there, sent, person)


async def _refusals_of(there: Ground, sent: Json, person: Person) -> list[str]:
    codes: list[str] = []
    log = there.r.front_door.log
    refuse = log.record_refusal

    async def noted(refusal: RefusalRecord) -> None:
        codes.append(refusal.code)
        await refuse(refusal)

    log.record_refusal = noted  # type: ignore[method-assign]
    await there.send(sent, person)
    log.record_refusal = refuse  # type: ignore[method-assign]
    return codes


async def test_whoever_a_rule_does_not_name_is_refused_and_that_is_logged(tmp_path: Path) -> None:
    async with ground(tmp_path, keeps=False) as there:
        case_id = next(c for c, state in there.cases.items() if state == "talked")
        for verb, rule in PRESSES.items():
            for role in BY_ROLE:
                codes = await _codes(there, BY_ROLE[role], verb, case_id)
                if role not in rule.roles:
                    assert codes == ["not_allowed"], (verb, role)
                    assert there.logged == [], (verb, role)
                elif rule.about is About.NONE:
                    assert "not_allowed" not in codes, (verb, role)
    assert there.wrong == []


SAID = {
    "mine": "mine",
    "open": "open",
    "roster": "roster",
    "stats": "stats last week",
    "help": "help",
    "new": "new referral",
    "roll": "roll",
    "pause": "pause because of a drill",
    "resume": "resume",
    "unknown": "what now",
}
"""What is typed for each command that is about no referral."""


async def test_whoever_may_not_type_a_command_is_refused_and_that_is_logged(
    tmp_path: Path,
) -> None:
    assert set(SAID) == {name for name, rule in TYPED.items() if rule.about is About.NONE}
    async with ground(tmp_path, keeps=False) as there:
        for name, words in SAID.items():
            for role, who in BY_ROLE.items():
                codes = await _typed(there, who, words)
                refused = ["not_allowed"] if role not in TYPED[name].roles else []
                assert [c for c in codes if c == "not_allowed"] == refused, (name, role)
                assert not refused or there.logged == [], (name, role)
    assert there.wrong == []


async def _typed(there: Ground, who: str, words: str) -> list[str]:
    """The codes of the refusals that this leaves, typed in the person's own chat."""
    person = there.r.partnership.person(who) or RECORDS
    chat = there.r.world.chat_id(person)
    sent = there.r.people._activity(person, chat, type="message", text=words)
    return await _refusals_of(there, sent, person)
