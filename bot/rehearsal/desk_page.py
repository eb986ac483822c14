"""The rehearsal desk's page and the API behind it: what the browser asks, in people's terms."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.desk.ports import Row
from bot.domain.partnership import Person
from bot.domain.transitions import TRANSITIONS
from bot.rehearsal.desk_files import DeskFiles
from bot.rehearsal.desk_mail import callers_post
from bot.rehearsal.people import Answer
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.table_watch import WatchedRows
from bot.rehearsal.world import BOT, Message
from bot.teams.bot import ADD_TO_RECORD
from cards import wording as w

Json = dict[str, Any]
Handler = Callable[[Json], Awaitable[Json]]

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent
_LIBRARIES = {
    "adaptivecards.min.js": _ROOT / "node_modules/adaptivecards/dist/adaptivecards.min.js",
    "markdown-it.min.js": _ROOT / "node_modules/markdown-it/dist/markdown-it.min.js",
}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self' ws:; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_TICK_S = 1.0


class DeskPage:
    """One page, any number of browsers. Loopback only; never in production."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._files = DeskFiles(rehearsal)
        self._sockets: set[web.WebSocketResponse] = set()
        self._rows: list[Json] = []
        self._task: asyncio.Task[None] | None = None
        self._dirty = asyncio.Event()
        self._viewers_task: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        return [
            web.get("/", self._index),
            web.get("/lib/{name}", self._library),
            web.static("/web", _HERE / "web"),
            web.get("/api/desk", self._desk),
            web.get("/api/screen", self._screen),
            web.get("/api/log", self._log),
            web.get("/api/live", self._live),
            web.post("/api/file", self._files.send),
            *(
                web.post(f"/api/{name}", self._json(handler))
                for name, handler in (
                    ("say", self._say),
                    ("press", self._press),
                    ("dialog", self._dialog),
                    ("compose", self._compose),
                    ("message-action", self._message_action),
                    ("edit", self._edit),
                    ("delete", self._delete),
                    ("viewing", self._viewing),
                    ("refresh", self._refresh),
                    ("clock", self._clock),
                    ("consent", self._files.consent),
                )
            ),
        ]

    def start(self) -> None:
        self._rehearsal.world.changed = self._dirty.set
        self._rows.clear()
        self._task = asyncio.create_task(self._tell_browsers())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for socket in list(self._sockets):
            await socket.close()

    def landed(self, row: Row) -> None:
        """A table row was written: shown in 'What was logged'."""
        at = self._rehearsal.partnership.calendar.local(self._rehearsal.clock.now())
        self._rows.append(
            {
                "n": len(self._rows) + 1,
                "at": f"{at:%H:%M:%S}",
                "table": row.table,
                "partition": row.partition,
                "row": row.key,
                "summary": _summary(row),
                "props": {k: str(v)[:4000] for k, v in row.props.items()},
            }
        )
        self._dirty.set()

    async def _tell_browsers(self) -> None:
        """Changes at once, the clock every second."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._dirty.wait(), _TICK_S)
            changed = self._dirty.is_set()
            self._dirty.clear()
            await self._refresh_viewed()
            news: list[Json] = [{"type": "clock", "clock": self._clock_json()}]
            if changed:
                news += [{"type": "changed"}, {"type": "log"}]
            for socket in list(self._sockets):
                for item in news:
                    try:
                        await socket.send_json(item)
                    except (ConnectionError, RuntimeError):
                        self._sockets.discard(socket)
                        break

    async def _refresh_viewed(self) -> None:
        """After an edit, the client of each person looking asks for their own view again."""
        world = self._rehearsal.world
        for root, messages in world.threads():
            for person_id, thread in list(world.viewing.items()):
                for message in messages if thread == root else ():
                    if message.card and person_id not in message.views:
                        await self._rehearsal.people.refresh(person_id, message)

    # Pages ----------------------------------------------------------------------------

    @staticmethod
    async def _index(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(
            _HERE / "web" / "index.html", headers={"Content-Security-Policy": _CSP}
        )

    @staticmethod
    async def _library(request: web.Request) -> web.StreamResponse:
        path = _LIBRARIES.get(request.match_info["name"])
        if path is None or not path.is_file():
            raise web.HTTPNotFound(text="Run 'make setup' to install the card renderer.")
        return web.FileResponse(path)

    # Reading --------------------------------------------------------------------------

    def _clock_json(self) -> Json:
        now = self._rehearsal.clock.now()
        local = self._rehearsal.partnership.calendar.local(now)
        words = f"{w.short_day(local.date())} {local.year}, {w.clock(local)}"
        return {"now": now.isoformat(), "text": words}

    def _everybody(self) -> list[Person]:
        """Who is in the channel, with the roles the roster gives them now."""
        rostered = self._rehearsal.front_door.partnership.rostered
        return [
            replace(x, role=now.role, agency=now.agency)
            for x in self._rehearsal.world.partnership.people
            for now in (rostered.get(x.id) or rostered.get(x.object_id.lower()) or x,)
        ]

    async def _desk(self, _: web.Request) -> web.StreamResponse:
        p = self._rehearsal.partnership
        people = [
            {
                "id": x.id,
                "name": x.name,
                "role": str(x.role),
                "role_label": w.ROLES[str(x.role)],
                "agency": x.agency,
                "agency_label": p.agency[x.agency].label if x.agency else "",
                "tenant": x.tenant,
                "tenant_label": p.tenant_labels[x.tenant],
                "personal": self._rehearsal.world.has_chat(x),
            }
            for x in self._everybody()
        ]
        return web.json_response(
            {
                "partnership": p.name,
                "bot": {"name": w.BOT_NAME},
                "people": people,
                "channel": {"name": "Duty desk"},
                "commands": [
                    {
                        "id": "newReferral",
                        "title": w.B_NEW_REFERRAL,
                        "roles": sorted(TRANSITIONS["intake.submitted"].who),
                    }
                ],
                "message_actions": [{"id": ADD_TO_RECORD, "title": w.B_ADD_TO_RECORD}],
                "clock": self._clock_json(),
            }
        )

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        world = self._rehearsal.world
        try:
            person = world.person(request.query.get("person", ""))
        except KeyError:
            return web.json_response({"error": "Choose who you are."}, status=404)
        chat = [self._message(m, person.id) for m in world.chat(person)]
        threads = [
            {"id": root, "messages": [self._message(m, person.id) for m in messages]}
            for root, messages in world.threads()
        ]
        return web.json_response(
            {
                "clock": self._clock_json(),
                "personal": {"available": world.has_chat(person), "messages": chat},
                "channel": {"threads": threads},
                "mail": callers_post(self._rehearsal),
            }
        )

    def _message(self, message: Message, person_id: str) -> Json:
        world = self._rehearsal.world
        local = self._rehearsal.partnership.calendar.local(message.at)
        bot = message.author == BOT
        name = w.BOT_NAME if bot else world.partnership.name_of(message.author)
        refresh = world.user_id(world.person(person_id)) in message.refresh_ids()
        return {
            "id": message.id,
            "rev": f"{message.rev}-{person_id in message.views}",
            "from": {
                "name": name,
                "kind": "bot" if bot else "person",
                "mine": message.author == person_id,
            },
            "at": w.when(local, self._rehearsal.partnership.calendar.day_of(self._now())),
            "text": message.text or None,
            "mentions": list(message.mentions),
            "card": message.card_for(person_id),
            "file": self._files.shown(message),
            "edited": message.edited and not message.card,
            "deleted": message.deleted,
            "can_refresh": refresh,
        }

    def _now(self) -> dt.datetime:
        return self._rehearsal.clock.now()

    async def _log(self, request: web.Request) -> web.StreamResponse:
        try:
            after = int(request.query.get("after", "0"))
        except ValueError:
            after = 0
        return web.json_response({"rows": self._rows[after:]})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            async for _ in socket:
                pass
        finally:
            self._sockets.discard(socket)
        return socket

    # Doing ----------------------------------------------------------------------------

    @staticmethod
    def _json(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def call(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
                return web.json_response({"error": "Not from this page."}, status=403)
            try:
                body = await request.json()
                if not isinstance(body, dict):
                    raise TypeError
                return web.json_response(await handler(body))
            except (KeyError, TypeError, ValueError):
                words = "That is no longer there. Reload the page."
                return web.json_response({"error": words}, status=400)

        return call

    async def _say(self, body: Json) -> Json:
        text = str(body["text"]).strip()
        if text:
            await self._rehearsal.people.say(
                body["person"], text, thread=body.get("thread") or "", place=body["place"]
            )
        return {}

    async def _press(self, body: Json) -> Json:
        message = self._rehearsal.world.messages[body["message"]]
        inputs = body.get("inputs") or {}
        answer = await self._rehearsal.people.press(body["person"], message, body["action"], inputs)
        return _result(answer)

    async def _dialog(self, body: Json) -> Json:
        dialog = self._rehearsal.world.dialogs[body["dialog"]]
        answer = await self._rehearsal.people.press_dialog(
            dialog, body["action"], body.get("inputs") or {}
        )
        return _result(answer)

    async def _compose(self, body: Json) -> Json:
        answer = await self._rehearsal.people.compose(
            body["person"],
            body["command"],
            thread=body.get("thread") or "",
            place=body["place"],
        )
        return _result(answer)

    async def _message_action(self, body: Json) -> Json:
        message = self._rehearsal.world.messages[body["message"]]
        answer = await self._rehearsal.people.message_action(
            body["person"], message, body["command"]
        )
        return _result(answer)

    def _own_message(self, body: Json) -> Message:
        """Raises KeyError for a message that is not this person's."""
        message = self._rehearsal.world.messages[body["message"]]
        if message.author != body["person"] or message.deleted:
            raise KeyError(body["message"])
        return message

    async def _edit(self, body: Json) -> Json:
        text = str(body["text"]).strip()
        if text:
            message = self._own_message(body)
            await self._rehearsal.people.edit(body["person"], message, text)
        return {}

    async def _delete(self, body: Json) -> Json:
        await self._rehearsal.people.delete(body["person"], self._own_message(body))
        return {}

    async def _viewing(self, body: Json) -> Json:
        """The person looks at a thread: their client asks for their own view of its cards."""
        world = self._rehearsal.world
        person_id, thread = body["person"], body.get("thread") or ""
        world.viewing[person_id] = thread
        self._dirty.set()
        return {}

    async def _refresh(self, body: Json) -> Json:
        message = self._rehearsal.world.messages[body["message"]]
        await self._rehearsal.people.refresh(body["person"], message, by_hand=True)
        return {}

    async def _clock(self, body: Json) -> Json:
        now = self._now()
        if body.get("to") == "next_opening":
            calendar = self._rehearsal.partnership.calendar
            closes = calendar.closes_at(now)
            start = closes if closes and now < closes else now
            to = calendar.next_opening(start)
        else:
            to = now + dt.timedelta(minutes=max(0, min(int(body["minutes"]), 7 * 24 * 60)))
        await self._rehearsal.advance(to)
        return {"clock": self._clock_json()}


def _summary(row: Row) -> str:
    """What a row is, in a few words."""
    props = row.props
    if row.table in ("Commits", "Desk") and "types" in props:
        return ", ".join(str(props["types"]).split(","))
    if row.table in ("Commits", "Desk"):
        return f"message {props['state']}"
    if row.table == "Figures":
        return "figures of a referral"
    if row.table == "Index":
        what = row.partition.partition("-")[0]
        return _INDEX_WORDS.get(what, what)
    return str(props.get("code") or props.get("outcome") or "")


_INDEX_WORDS = {
    "refs": "reference reserved",
    "open": "referral is open",
    "thread": "thread of a referral",
    "child": "child named in a referral",
    "address": "where a person or place is reached",
}


def _result(answer: Answer) -> Json:
    if answer.dialog:
        return {
            "kind": "dialog",
            "dialog": answer.dialog.id,
            "title": answer.dialog.title,
            "card": answer.dialog.card,
            "width": "medium",
            "height": "large",
        }
    return {"kind": answer.kind, "text": answer.text}


def add_page(rehearsal: Rehearsal) -> DeskPage:
    """The page on the rehearsal's own address, fed with each row as it lands."""
    page = DeskPage(rehearsal)
    rehearsal.watch_rows = lambda rows: WatchedRows(rows, page.landed)
    rehearsal.desk_app.add_routes(page.routes())
    return page
