"""Who is in which group: read, asked again where that may help, and honest when it cannot be."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.desk.graph_ports import DirectoryUnavailable
from bot.graph.groups import GraphGroups
from bot.rehearsal.graph_api import Fault, drop_before, slow, status, throttle
from tests.desk.groups_contract import GroupsContract, Setting
from tests.graph.wire import KNOWN, Wire, instead
from tests.tools.simulated_groups import SimulatedGroups

ONE = "6d1f8f0e-2f5c-4c39-9a9c-aaaaaaaaaaaa"
TWO = "6d1f8f0e-2f5c-4c39-9a9c-bbbbbbbbbbbb"
ELSE = "6d1f8f0e-2f5c-4c39-9a9c-cccccccccccc"


class TestGraphKeepsTheContract(GroupsContract):
    @pytest.fixture
    async def groups(self, wire: Wire) -> GraphGroups:
        return wire.groups()

    @pytest.fixture
    def setting(self, wire: Wire) -> Setting:
        return SimulatedGroups(wire.graph)


@pytest.fixture
def in_two(wire: Wire) -> Wire:
    wire.graph.memberships[KNOWN] = {ONE.upper(), ELSE}
    return wire


async def test_it_says_which_of_the_groups_asked_about(in_two: Wire) -> None:
    assert await in_two.groups().member_of(KNOWN, [ONE, TWO]) == {ONE}
    assert await in_two.groups().member_of(KNOWN.upper(), [ONE, TWO]) == {ONE}


async def test_somebody_unknown_is_in_none(wire: Wire) -> None:
    assert await wire.groups().member_of("00000000-0000-4000-8000-000000000000", [ONE]) == set()
    assert len(wire.graph.calls) == 1


@pytest.mark.parametrize(
    "object_id", ["", "me", "x/../groups", KNOWN.replace("-", ""), f"{{{KNOWN}}}", f"{KNOWN}\n"]
)
async def test_what_is_no_object_id_is_never_asked_about(in_two: Wire, object_id: str) -> None:
    assert await in_two.groups().member_of(object_id, [ONE]) == set()
    assert in_two.graph.calls == []


async def test_no_groups_need_no_question(in_two: Wire) -> None:
    assert await in_two.groups().member_of(KNOWN, []) == set()
    assert in_two.graph.calls == []


@pytest.mark.parametrize(
    "fault", [*map(status, (429, 500, 502, 503, 504)), throttle(0), throttle(1, status=503)]
)
async def test_a_passing_fault_is_asked_about_once_more(in_two: Wire, fault: Fault) -> None:
    in_two.graph.faults.append(fault)
    assert await in_two.groups().member_of(KNOWN, [ONE]) == {ONE}
    assert len(in_two.graph.calls) == 2


@pytest.mark.parametrize(
    ("faults", "calls"),
    [
        ([status(500), status(500)], 2),
        ([throttle(1), throttle(1)], 2),
        ([throttle(60)], 1),
        ([status(400)], 1),
        ([status(401), status(401)], 2),
        ([status(403)], 1),
        ([status(200)], 1),
        ([status(302, Location="https://elsewhere.example/")], 1),
        ([drop_before()], 1),
    ],
)
async def test_what_cannot_be_read_is_said_and_not_taken_for_no_groups(
    in_two: Wire, faults: list[Fault], calls: int
) -> None:
    in_two.graph.faults += faults
    with pytest.raises(DirectoryUnavailable):
        await in_two.groups().member_of(KNOWN, [ONE])
    assert len(in_two.graph.calls) == calls


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/html", "<html>Not found: corporate gateway</html>"),
        ("application/json", "{}"),
        ("application/json", '{"error": {"code": "UnknownError", "message": ""}}'),
        ("application/json", '{"error": {"code": "itemNotFound"}}'),
    ],
)
async def test_a_404_that_is_not_about_the_person_is_not_taken_for_no_groups(
    wire: Wire, content_type: str, text: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=404, text=text, content_type=content_type)

    async with instead(wire.trust, answer) as base:
        with pytest.raises(DirectoryUnavailable, match="404"):
            await wire.groups(base=base).member_of(KNOWN, [ONE])


@pytest.mark.parametrize("missing", ["User.Read.All", "GroupMember.Read.All"])
async def test_a_missing_permission_is_not_taken_for_no_groups(in_two: Wire, missing: str) -> None:
    in_two.authority.permissions.remove(missing)
    with pytest.raises(DirectoryUnavailable, match="403"):
        await in_two.groups().member_of(KNOWN, [ONE])


async def test_how_long_graph_asked_to_wait_is_kept_to_by_every_question(in_two: Wire) -> None:
    in_two.graph.faults.append(throttle(300))
    groups = in_two.groups()
    for _ in range(20):
        with pytest.raises(DirectoryUnavailable):
            await groups.member_of(KNOWN, [ONE])
    assert len(in_two.graph.calls) == 1


async def test_while_graph_is_down_one_question_at_a_time_looks_whether_it_is_back(
    in_two: Wire,
) -> None:
    in_two.graph.faults += [status(503), status(503)]
    groups = in_two.groups()
    with pytest.raises(DirectoryUnavailable):
        await groups.member_of(KNOWN, [ONE])
    in_two.graph.standing = status(503)
    in_two.graph.calls.clear()

    told = await asyncio.gather(
        *(groups.member_of(KNOWN, [ONE]) for _ in range(20)), return_exceptions=True
    )

    assert {type(each) for each in told} == {DirectoryUnavailable}
    assert len(in_two.graph.calls) == 1
    in_two.graph.standing = None
    answers = await asyncio.gather(*(groups.member_of(KNOWN, [ONE]) for _ in range(20)))
    assert set(answers) == {frozenset({ONE})}


async def test_an_answer_too_late_is_no_answer(in_two: Wire) -> None:
    in_two.graph.faults.append(slow(3))
    with pytest.raises(DirectoryUnavailable):
        await in_two.groups(within_s=1).member_of(KNOWN, [ONE])


@pytest.mark.parametrize(
    "text",
    [
        '{"value": ["' + ONE + '"], "more": "' + "x" * 70_000 + '"}',
        '{"value": ["' + ONE,
        "[" * 60_000,
        '["' + ONE + '"]',
        '{"value": "' + ONE + '"}',
        "",
        "\udcff",
    ],
    ids=["too long", "cut short", "deep", "a list", "a text", "nothing", "no text"],
)
async def test_an_answer_that_cannot_be_understood_is_no_answer(wire: Wire, text: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=text.encode("utf-8", "surrogateescape"))

    async with instead(wire.trust, answer) as base:
        with pytest.raises(DirectoryUnavailable):
            await wire.groups(base=base).member_of(KNOWN, [ONE])


async def test_only_groups_asked_about_are_believed(wire: Wire) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"value": [ONE.upper(), ELSE, 7, None]})

    async with instead(wire.trust, answer) as base:
        assert await wire.groups(base=base).member_of(KNOWN, [ONE, TWO]) == {ONE}


async def test_without_a_token_nothing_can_be_read(in_two: Wire) -> None:
    in_two.authority.failures.append((400, "unauthorized_client"))
    with pytest.raises(DirectoryUnavailable, match="not_signed_in"):
        await in_two.groups().member_of(KNOWN, [ONE])
