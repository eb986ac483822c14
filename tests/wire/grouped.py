"""Acting where roles come from groups of the simulated Graph, over the real wire."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import configuration
from bot.desk.outage import PROBE_AGAIN_S
from bot.domain.partnership import Partnership, RoleGroup
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.graph.groups import GraphGroups
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.world import Message
from tests.tools.simulated_groups import SimulatedGroups
from tests.wire.acting import Acting

WORLD = configuration.load()
HOST = tuple(p for p in WORLD.people if p.tenant == HOST_TENANT)
PARTNERS = tuple(p for p in WORLD.people if p.tenant != HOST_TENANT)
STALE = {"minutes": 6}
NO_ROLES = "Front Door cannot check who may do what just now"


def group_of(role: Role, agency: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{role}-{agency}"))


def by_groups(known: Partnership) -> Partnership:
    """What the bot is configured with: partners' people, and a group for each job of the host."""
    jobs = dict.fromkeys((p.role, p.agency) for p in HOST)
    groups = tuple(RoleGroup(group_of(role, agency), role, agency) for role, agency in jobs)
    return replace(known, people=PARTNERS, groups=groups, found={})


def oid(person_id: str) -> str:
    found = WORLD.person(person_id)
    assert found is not None
    return found.object_id


class Grouped(Acting):
    """`groups` is the host's directory in the simulated Graph."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__(rehearsal)
        self.groups = SimulatedGroups(rehearsal.graph)

    def without_waiting(self) -> None:
        """While Graph is down the bot asks once a second by the real clock, which no test moves."""
        groups = self.r.front_door.groups
        assert isinstance(groups, GraphGroups)
        groups.probe_every_s = 0.0

    @property
    def bots(self) -> Partnership:
        return self.r.front_door.partnership

    async def restarted(self) -> None:
        """The bot again, over the same store, in the same Teams."""
        await self.r.front_door.stop()
        await self.r._start_bot()
        self.without_waiting()

    async def mended(self) -> None:
        """Graph answers again, and enough time has passed to ask it."""
        self.groups.mend()
        await self.later(seconds=PROBE_AGAIN_S)

    def chat(self, person_id: str) -> list[Message]:
        return self.r.world.chat(self.r.world.person(person_id))

    async def answer(self, person_id: str, text: str) -> str:
        """What the bot says to this in the person's own chat."""
        await self.hands(person_id).say(text, place="personal")
        last = self.chat(person_id)[-1]
        return last.text if last.author == "bot" else ""


async def graph_down(grouped: Grouped) -> None:
    """Down for longer than roles serve."""
    grouped.groups.break_down()
    await grouped.later(**STALE)


async def press(
    grouped: Grouped,
    person_id: str,
    message: Message,
    verb: str,
    sender: Mapping[str, str] | None = None,
    **who: str,
) -> dict[str, Any]:
    """A press this person's screen may not even offer."""
    person = replace(grouped.r.world.person(person_id), **who)
    activity = grouped.r.people._activity(
        person,
        message.conversation_id,
        type="invoke",
        name="adaptiveCard/action",
        value={"action": {"verb": verb, "data": {"case": grouped.case_id, "verb": verb}}},
    )
    activity["from"] |= sender or {}
    _, body = await grouped.r.people.deliver(activity)
    found: dict[str, Any] = body
    return found
