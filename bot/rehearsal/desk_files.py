"""Files on the desk's page: a person sends one, and says whether the bot may save one."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.rehearsal.people_files import CONSENT
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.world import Message
from cards import wording as w

Json = dict[str, Any]

_MOST_BYTES = 25_000_000
_LONGEST_NAME = 200


class DeskFiles:
    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal

    async def send(self, request: web.Request) -> web.StreamResponse:
        """The file is the body; who sends it and its name are in the address."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return web.json_response({"error": "Not from this page."}, status=403)
        name = request.query.get("name", "")[:_LONGEST_NAME]
        try:
            person = self._rehearsal.world.person(request.query.get("person", ""))
        except KeyError:
            return web.json_response({"error": "Choose who you are."}, status=400)
        if not name or not self._rehearsal.world.has_chat(person):
            return web.json_response({"error": "A file can be sent in a chat only."}, status=400)
        data = bytearray()
        async for piece in request.content.iter_chunked(64 * 1024):
            data += piece
            if len(data) > _MOST_BYTES:
                words = w.FETCH_FAULTS["too_big"].format(name=name)
                return web.json_response({"error": words}, status=413)
        await self._rehearsal.files.send(person.id, (name, bytes(data)))
        return web.json_response({})

    async def consent(self, body: Json) -> Json:
        message = self._rehearsal.world.messages[body["message"]]
        if message.deleted or (message.attachment or {}).get("contentType") != CONSENT:
            raise KeyError(body["message"])
        accept = body["accept"] is True
        answer = await self._rehearsal.files.answer(body["person"], message, accept=accept)
        return {"kind": answer.kind, "text": answer.text}

    @staticmethod
    def shown(message: Message) -> Json | None:
        """What Teams draws itself for a file; None for any other message."""
        attached = message.attachment
        if attached is None:
            return None
        content = attached.get("content") or {}
        if attached["contentType"] == CONSENT:
            return {
                "kind": "consent",
                "name": attached["name"],
                "about": content["description"],
                "size": content["sizeInBytes"],
            }
        return {"kind": "file", "name": attached["name"], "url": attached["contentUrl"]}
