"""When the bot has a mailbox and groups at all, and that a rehearsal's are simulated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot import configuration
from bot.assemble import FrontDoor
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.desk.graph_ports import MailNotSent
from bot.domain.partnership import RoleGroup
from bot.domain.vocabulary import Role
from bot.graph.client import SCOPE
from bot.rehearsal.connector_api import AUDIENCE as CONNECTOR
from bot.rehearsal.graph_api import AUDIENCE
from bot.rehearsal.rehearsal import Rehearsal
from bot.settings import GRAPH, Settings, for_playground, for_rehearsal, from_environment
from tests.graph.wire import CALLER, SUBJECT, TEXT, Wire

GROUP = "6d1f8f0e-2f5c-4c39-9a9c-111111111111"
WITH_MAILBOX = configuration.load()
WITH_GROUPS = replace(
    configuration.load(), groups=(RoleGroup(GROUP, Role.DUTY_MANAGER, "social_care"),)
)


@pytest.fixture
async def grouped(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(store=str(tmp_path / "grouped.db"), partnership=WITH_GROUPS)
    await made.start()
    yield made
    await made.stop()


async def test_a_rehearsal_emails_the_simulated_caller_and_asks_the_simulated_directory(
    grouped: Rehearsal,
) -> None:
    mailbox, groups = grouped.front_door.mailbox, grouped.front_door.groups
    assert mailbox is not None
    assert groups is not None
    manager = grouped.partnership.people[0].object_id
    grouped.graph.memberships[manager].add(GROUP)
    seen = grouped.world.rev
    await mailbox.send(CALLER, SUBJECT, TEXT)
    (mail,) = grouped.graph.sent
    assert (mail.to, mail.at) == (CALLER, grouped.clock.now())
    assert grouped.world.rev > seen
    assert await groups.member_of(manager, [GROUP]) == {GROUP}


async def test_a_rehearsals_mailbox_is_the_one_the_bot_is_configured_with(tmp_path: Path) -> None:
    theirs = "desk@riverside.example"
    made = Rehearsal(
        store=str(tmp_path / "other.db"), bots=lambda known: replace(known, mailbox=theirs)
    )
    await made.start()
    assert made.partnership.mailbox != theirs
    assert made.front_door.mailbox is not None
    await made.front_door.mailbox.send(CALLER, SUBJECT, TEXT)
    assert [mail.sender for mail in made.graph.sent] == [theirs]
    await made.stop()


async def test_a_rehearsals_people_are_in_the_groups_for_their_role_and_agency(
    grouped: Rehearsal,
) -> None:
    groups = grouped.front_door.groups
    assert groups is not None
    people = grouped.partnership.people
    found = [p.id for p in people if await groups.member_of(p.object_id, [GROUP])]
    assert found == ["mgr-1", "mgr-2"]


async def test_a_rehearsal_signs_in_with_the_certificate_for_teams_and_for_graph(
    grouped: Rehearsal,
) -> None:
    assert grouped.front_door.mailbox is not None
    await grouped.front_door.mailbox.send(CALLER, SUBJECT, TEXT)
    assert grouped.authority.tokens_given == {CONNECTOR: 1, AUDIENCE: 1}
    assert grouped.authority.signed_in_by_certificate == 2


async def test_the_bot_starts_without_a_token_and_signs_in_when_an_email_is_due(
    wire: Wire, tmp_path: Path
) -> None:
    wire.authority.failures += [(503, "temporarily_unavailable")] * 2
    front_door = FrontDoor(wire.settings(store=str(tmp_path / "later.db")), WITH_MAILBOX)
    await front_door.start()
    assert front_door.mailbox is not None
    await asyncio.gather(front_door.identity.token(SCOPE), return_exceptions=True)
    with pytest.raises(MailNotSent, match="not_signed_in"):
        await front_door.mailbox.send(CALLER, SUBJECT, TEXT)
    await asyncio.sleep(1.1)  # a failed sign-in is tried again after a second
    await front_door.mailbox.send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]
    await front_door.stop()


async def test_without_graph_the_bot_has_neither_and_its_partnership_offers_neither(
    wire: Wire, tmp_path: Path
) -> None:
    settings = wire.settings(graph="", store=str(tmp_path / "none.db"))
    front_door = FrontDoor(settings, WITH_GROUPS)
    await front_door.start()
    assert (front_door.mailbox, front_door.groups) == (None, None)
    assert (front_door.partnership.mailbox, front_door.partnership.groups) == ("", ())
    assert AUDIENCE not in wire.authority.tokens_given
    await front_door.stop()


async def test_without_graph_a_rehearsals_host_people_act_by_the_list(
    wire: Wire, tmp_path: Path
) -> None:
    data = configuration.read(DEFAULT_FILE)
    group = {"id": GROUP, "role": "duty_manager", "agency": "social_care"}
    partnership = configuration.build({**data, "graph": {"groups": [group]}})
    front_door = FrontDoor(wire.settings(graph="", store=str(tmp_path / "n.db")), partnership)
    await front_door.start()
    listed = configuration.load().person("eh-1")
    assert listed is not None
    assert await front_door.directory.person(listed.object_id, True, "") == listed
    assert front_door.partnership.everyone == configuration.load().people
    await front_door.stop()


@pytest.mark.parametrize(
    ("mailbox", "groups", "has"),
    [
        ("", (), (False, False)),
        ("desk@riverside.example", (), (True, False)),
        ("", WITH_GROUPS.groups, (False, True)),
    ],
)
async def test_each_is_there_when_the_partnership_configures_it(
    wire: Wire, tmp_path: Path, mailbox: str, groups: Any, has: tuple[bool, bool]
) -> None:
    partnership = replace(WITH_GROUPS, mailbox=mailbox, groups=groups)
    front_door = FrontDoor(wire.settings(store=str(tmp_path / "some.db")), partnership)
    await front_door.start()
    assert (front_door.mailbox is not None, front_door.groups is not None) == has
    await front_door.stop()


def rehearsal(**changes: Any) -> Settings:
    values = {
        "port": 3978,
        "openid": "http://127.0.0.1:1/openid",
        "authority": "https://127.0.0.1:1/tenant",
        "store": "var/x.db",
        "configuration": DEFAULT_FILE,
        "tenant_id": "tenant",
    }
    return for_rehearsal(**{**values, **changes})


def test_a_rehearsal_takes_a_graph_on_loopback_or_none() -> None:
    assert rehearsal().graph == ""
    assert rehearsal(graph="https://127.0.0.1:9443").graph == "https://127.0.0.1:9443"


@pytest.mark.parametrize(
    "graph",
    [
        GRAPH,
        "https://127.0.0.1.evil.example",
        "https://127.0.0.1@evil.example",
        "http://127.0.0.1:1",
    ],
)
def test_a_rehearsal_refuses_any_other_graph(graph: str) -> None:
    with pytest.raises(ConfigurationError, match="--graph"):
        rehearsal(graph=graph)


def test_in_production_there_is_one_graph_and_in_the_playground_none() -> None:
    ours = {"MICROSOFT_APP_ID": "a", "MICROSOFT_APP_TENANT_ID": "t"}  # a managed identity
    assert from_environment(ours).graph == GRAPH
    playground = for_playground(
        host="127.0.0.1", port=3978, store="var/x.db", configuration=DEFAULT_FILE
    )
    assert playground.graph == ""
    for graph in ("https://127.0.0.1:1", "http://graph.microsoft.com", f"{GRAPH}.evil.example"):
        with pytest.raises(ValidationError):
            Settings(app_id="a", tenant_id="t", graph=graph)
