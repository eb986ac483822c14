"""Moves a separately running bot's rehearsal clock. Rehearsal only; the listener is loopback."""

from __future__ import annotations

import datetime as dt

from aiohttp import web

from bot.assemble import FrontDoor
from bot.rehearsal.clock import RehearsalClock, advance


def clock_routes(front_door: FrontDoor, clock: RehearsalClock) -> list[web.RouteDef]:
    """GET /rehearsal/clock -> {"now", "next"}: when something is next due by itself, or null; POST
    {"to": ISO time with offset} moves on to it.
    """

    async def show(_: web.Request) -> web.Response:
        due = await front_door.desk.ticker.next_due()
        due_at = due.isoformat() if due else None
        return web.json_response({"now": clock.now().isoformat(), "next": due_at})

    async def move(request: web.Request) -> web.Response:
        try:
            to = dt.datetime.fromisoformat((await request.json())["to"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"error": "to: expected an ISO time"}, status=400)
        if to.tzinfo is None:
            return web.json_response({"error": "to: expected an offset"}, status=400)
        await advance(front_door, clock, to.astimezone(dt.UTC))
        return web.json_response({"now": clock.now().isoformat()})

    return [web.get("/rehearsal/clock", show), web.post("/rehearsal/clock", move)]
