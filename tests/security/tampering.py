"""What somebody may do to a button's data before it is sent, and the activity that sends it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.partnership import Person
from bot.domain.transitions import state_allows
from bot.domain.vocabulary import HOST_TENANT
from bot.teams.who_may import PRESSES
from tests.security.buttons import Button
from tests.security.ground import ELSEWHERE, RECORDS, STRANGER, Ground

Json = dict[str, Any]
_WORST = ("outcome.pick", "agree", "flag", "history.open", "withdraw.save", "assign.save", "view")
_CLAIMS: dict[str, Any] = {
    "role": "duty_manager",
    "agency": "police",
    "lead": "pol-1",
    "by": "mgr-1",
    "actor": "mgr-1",
    "person": "mgr-1",
    "tenant": HOST_TENANT,
    "pass": True,
    "room": "true",
    "corrects": "true",
    "approved": True,
    "state": "closed",
}
"""What a card might be believed to say of whoever presses it."""
_ODD: tuple[Any, ...] = (
    "",
    "x",
    "mgr-1",
    -1,
    10**30,
    1.5,
    True,
    None,
    [],
    {},
    "\u202e\x00",
    "9" * 5000,
)

PRESSED_BY = (
    "masho-1",
    "eh-1",
    "pol-1",
    "hlt-1",
    "sw-1",
    "mgr-1",
    "man-1",
    "axt-1",
    "rec-1",
    "stranger",
    "elsewhere",
)
"""Somebody of every role, lead and not lead, and two who are nobody: `elsewhere` is the duty
manager's own id, from a tenant that is none of the partnership's.
"""


@dataclass(frozen=True, slots=True)
class Tampered:
    """`how` says what was done to the button."""

    button: Button
    how: str
    data: Json


def own(button: Button, ground: Ground, case_id: str) -> Json:
    """The button as it would be on that referral's card."""
    data = {**button.data, **button.inputs}
    if "case" in data:
        data["case"] = case_id
    if "v" in data:
        data["v"] = ground.version(case_id)
    if "for" in data:
        data["for"] = ground.reference(case_id)
    return {**data, "verb": button.verb}


def tampered(
    button: Button, ground: Ground, case_id: str, other: str, rng: random.Random
) -> Iterator[Tampered]:
    """The button itself, then with each field it carries changed in every way, and each input in
    one.
    """
    plain = own(button, ground, case_id)
    yield Tampered(button, "as it is", plain)
    for verb in _WORST:
        yield Tampered(button, f"verb {verb}", {**plain, "verb": verb})
    yield Tampered(button, "verb unknown", {**plain, "verb": "lead.seize"})
    for wrong in (other, "0" * 32, case_id.upper(), "../" + case_id):
        yield Tampered(button, "another case", {**plain, "case": wrong})
    for version in (0, -1, plain.get("v", 1), 10**9, "1", "x", None):
        yield Tampered(button, "another version", {**plain, "v": version})
    for name in sorted(button.data):
        yield Tampered(button, f"without {name}", {k: v for k, v in plain.items() if k != name})
    for name in sorted(set(button.data) - {"verb", "case", "v", "msteams"}):
        for odd in _ODD:
            yield Tampered(button, f"{name} odd", {**plain, name: odd})
    for name in sorted(button.inputs):
        yield Tampered(button, f"{name} odd", {**plain, name: rng.choice(_ODD)})
    for name, claim in _CLAIMS.items():
        yield Tampered(button, f"says {name}", {**plain, name: claim})


def presser(ground: Ground, who: str) -> Person:
    """`elsewhere` has a real person's id: only the tenant tells."""
    if who == "stranger":
        return STRANGER
    return ground.r.partnership.person("mgr-1" if who == "elsewhere" else who) or RECORDS


def activity(ground: Ground, press: Tampered, who: str, case_id: str, rng: random.Random) -> Json:
    """As a client would send it, mostly from the referral's own thread."""
    people, world = ground.r.people, ground.r.world
    person = presser(ground, who)
    place = rng.random()
    conversation = ground.thread(case_id)
    if place > 0.9:
        conversation = world.chat_id(person)
    elif place > 0.8:
        conversation = ground.thread(rng.choice(list(ground.cases)))
    sent = people._activity(
        person,
        conversation,
        **_sent(press, rng),
        replyToId=ground.message(case_id),
    )
    if who == "elsewhere":
        sent["channelData"]["tenant"]["id"] = ELSEWHERE
        sent["conversation"]["tenantId"] = ELSEWHERE
    return sent


def _sent(press: Tampered, rng: random.Random) -> Json:
    button, data = press.button, press.data
    if button.execute:
        action = {"type": "Action.Execute", "verb": data.get("verb"), "data": data}
        return {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}}
    if button.fetches:
        return {"type": "invoke", "name": "task/fetch", "value": {"data": data}}
    kind = rng.choice(("task/submit", "task/submit", "composeExtension/submitAction", "message"))
    if kind == "message":
        return {"type": "message", "text": "", "value": data}
    quoted = {
        "id": "quoted-1",
        "from": {"user": {"id": "someone", "displayName": "Someone"}},
        "body": {"contentType": "html", "content": "<p>Seen at nursery.</p>"},
    }
    return {"type": "invoke", "name": kind, "value": {"data": data, "messagePayload": quoted}}


def apt(verb: str, ground: Ground) -> list[str]:
    """Referrals in a state in which this verb may log something; else all."""
    events = PRESSES[verb].events
    found = [c for c in ground.cases if any(state_allows(e, ground.state(c)) for e in events)]
    return found or list(ground.cases)


def all_presses(
    ground: Ground, found: list[Button], rng: random.Random
) -> Iterator[tuple[Tampered, str, str]]:
    """(what, who, on which referral): every change of every button by everybody, on a referral by
    lot where the button could do something.
    """
    cases = list(ground.cases)
    for button in found:
        for who in PRESSED_BY:
            on = rng.choice(apt(button.verb, ground))
            for press in tampered(button, ground, on, rng.choice(cases), rng):
                case_id = press.data.get("case")
                yield press, who, case_id if case_id in ground.cases else rng.choice(cases)


def answered(press: Tampered, person: Person, who: str) -> bool:
    """Whether this verb answers this person at all."""
    rule = PRESSES.get(str(press.data.get("verb")))
    return who not in ("stranger", "elsewhere") and bool(rule and person.role in rule.roles)
