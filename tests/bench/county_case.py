"""One referral of the county's hour, from the call to its notes, pressed by whoever is in turn."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from bot.domain.vocabulary import Role
from bot.rehearsal.connector_api import Handler
from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.people import People
from bot.rehearsal.screen import NotOnScreen
from bot.rehearsal.world import Dialog, Message
from tests.bench.county_people import of
from tests.bench.ours import Ours
from tests.wire.acting import BRIEF, PLAN, REST

LINES = 28
_AT_ONCE = 2
_BRIEFED_WITHIN_S = 30.0
_DREW = re.compile(rb'"case":"([0-9a-f]{32})","v":(\d+)')


class Clocked:
    """Times every activity that people send, and keeps what was wrong with an answer."""

    def __init__(self, people: People) -> None:
        self.took_ms: list[float] = []
        self.errors: list[str] = []
        self._deliver = people.deliver
        people.deliver = self._timed  # type: ignore[method-assign]

    async def _timed(self, activity: dict[str, Any]) -> tuple[int, Any]:
        began = time.perf_counter()
        status, body = await self._deliver(activity)
        self.took_ms.append(1000 * (time.perf_counter() - began))
        if status != 200:
            self.errors.append(f"{activity.get('name')} was answered {status}")
        return status, body


class Drawn:
    """When each card in the channel showed which version of its referral."""

    def __init__(self) -> None:
        self.at: dict[tuple[str, int], float] = {}
        self.root: dict[str, str] = {}
        """By case id: the briefing's message."""
        self.calls = 0

    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        found = _DREW.search(await request.read())
        self.calls += request.method in ("POST", "PUT")
        if found and answer.status < 300 and isinstance(answer, web.Response):
            case_id = found[1].decode()
            body = json.loads(answer.body) if isinstance(answer.body, bytes) else {}
            if "activityId" in body:
                self.root[case_id] = body["activityId"]
            if request.match_info.get("a", self.root.get(case_id)) == self.root.get(case_id):
                self.at.setdefault((case_id, int(found[2])), time.perf_counter())
        return answer


class Case:
    """`pressed_last`: when its last press was answered, on the clock of `Drawn`; 0 before."""

    def __init__(self, n: int, ours: Ours, clocked: Clocked, drawn: Drawn) -> None:
        self._n = n
        self._ours = ours
        self._clocked = clocked
        self._drawn = drawn
        self.case_id = ""
        self.fault = ""
        self.pressed_last = 0.0

    def _one_of(self, role: Role, k: int = 0) -> str:
        known = of(self._ours.partnership, role)
        return known[(self._n + k) % len(known)]

    def _hands(self, person_id: str) -> Hands:
        return Hands(self._ours.people, person_id)

    @property
    def _briefing(self) -> Message:
        return self._ours.world.messages[self._drawn.root[self.case_id]]

    async def play(self, every_s: float) -> None:
        """Forty presses, `every_s` apart. What goes wrong is kept in `fault`."""
        try:
            await self._in_time(every_s, 3, self._call())
            await self._briefed()
            lead = self._one_of(Role.REP)
            await self._in_time(every_s, 1, self._tap(lead, "claim"))
            for k in range(0, LINES, _AT_ONCE):
                said = (self._said(k + j) for j in range(_AT_ONCE))
                await self._in_time(every_s, _AT_ONCE, _all(*said))
            await self._in_time(every_s, 3, self._decided(lead))
            await self._in_time(every_s, 4, self._told(lead))
        except (Refusal, NotOnScreen, KeyError, AssertionError, TimeoutError) as fault:
            self.fault = f"referral {self._n}: {type(fault).__name__} {fault}"

    @staticmethod
    async def _in_time(every_s: float, presses: int, work: Awaitable[None]) -> None:
        until = time.perf_counter() + every_s * presses
        await work
        await asyncio.sleep(max(0.0, until - time.perf_counter()))

    async def _call(self) -> None:
        hands = self._hands(self._one_of(Role.MASHO))
        dialog = await hands.compose("newReferral", "personal")
        found = re.search(r'"case": "([0-9a-f]{32})"', json.dumps(dialog.card))
        assert found is not None
        self.case_id = found[1]
        brief = {**BRIEF, "mosaic_1": f"{7_000_000 + self._n}"}
        answer = await hands.in_dialog(dialog, "intake.brief", brief)
        assert answer.dialog is not None, answer.text
        await hands.finish(answer.dialog, "intake.rest", REST)

    async def _briefed(self) -> None:
        until = time.perf_counter() + _BRIEFED_WITHIN_S
        while self.case_id not in self._drawn.root:
            if time.perf_counter() > until:
                raise TimeoutError("the briefing was not posted")
            await asyncio.sleep(0.05)

    async def _tap(self, person_id: str, verb: str, **values: str) -> None:
        """The button as it stands on everybody's card: which version it was drawn from is sent."""
        action = {
            "type": "Action.Execute",
            "verb": verb,
            "data": {"verb": verb, "case": self.case_id, "v": 2},
        }
        answer = await self._ours.people.press(person_id, self._briefing, action, values)
        self.pressed_last = time.perf_counter()
        assert answer.kind == "refreshed", f"{verb}: {answer.text}"

    async def _said(self, k: int) -> None:
        words = f"Seen on day {k + 1} of the last fortnight, and came in without a coat."
        await self._tap(self._one_of(Role.REP, 1 + k), "add", words=words)

    async def _dialog(self, person_id: str, opener: str, verb: str, **fill: str) -> None:
        opened = await self._opened(person_id, opener)
        await self._hands(person_id).finish(opened, verb, fill)
        self.pressed_last = time.perf_counter()

    async def _opened(self, person_id: str, opener: str) -> Dialog:
        return await self._hands(person_id).open(self._briefing, opener)

    async def _decided(self, lead: str) -> None:
        picked = {**PLAN, "outcome": "ehu", "rationale": "Mum wants help."}
        await self._dialog(lead, "outcome.open", "outcome.pick", **picked)
        await self._tap(self._one_of(Role.DUTY_SOCIAL_WORKER), "agree")

    async def _told(self, lead: str) -> None:
        await self._dialog(lead, "feedback.open", "feedback.sent")
        await self._dialog(self._one_of(Role.MASHO), "notes.open", "notes.confirm")


async def _all(*work: Awaitable[None]) -> None:
    await asyncio.gather(*work)
