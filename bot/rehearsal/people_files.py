"""What people do with files in the simulated Teams: send one to the bot, let it save one."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.file_store import FileStore
from bot.rehearsal.people import UNREACHABLE, Answer, People
from bot.rehearsal.world import Message, StoredFile

Json = dict[str, Any]

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
_SENT = "application/vnd.microsoft.teams.file.download.info"


class PeopleFiles:
    def __init__(self, people: People, store: FileStore) -> None:
        self._people = people
        self._store = store

    async def send(self, person_id: str, *files: tuple[str, bytes], text: str = "") -> str:
        """Files go into the person's OneDrive, then a message names them. Returns its id."""
        world = self._people.world
        kept = [world.store(name, person_id, data) for name, data in files]
        message_id = world.new_id()
        names = ", ".join(f.name for f in kept)
        alone = kept[0] if len(kept) == 1 and not text else None
        world.add(
            world.chat_id(world.person(person_id)),
            person_id,
            text="" if alone else f"{text}\n{names}".strip(),
            attachment=self._link(alone) if alone else None,
            message_id=message_id,
        )
        await self._people.deliver(self.sent(person_id, message_id, kept, text))
        return message_id

    def _link(self, file: StoredFile) -> Json:
        return {
            "contentType": INFO,
            "name": file.name,
            "contentUrl": self._store.content_url(file),
        }

    def sent(
        self, person_id: str, message_id: str, files: list[StoredFile], text: str = ""
    ) -> Json:
        """Teams puts the message's own words beside the files as one more attachment."""
        attachments: list[Json] = [
            {
                "contentType": _SENT,
                "contentUrl": self._store.content_url(file),
                "name": file.name,
                "content": {
                    "downloadUrl": self._store.download_url(file),
                    "uniqueId": file.id,
                    "fileType": file.name.rpartition(".")[2],
                },
            }
            for file in files
        ]
        attachments.append({"contentType": "text/html", "content": f"<div>{text}</div>"})
        chat = self._people.world.chat_id(self._people.world.person(person_id))
        extra: Json = {"type": "message", "text": text, "attachments": attachments}
        return {**self._people.activity(person_id, chat, **extra), "id": message_id}

    def answered(self, person_id: str, message: Message, *, accept: bool) -> Json:
        """The invoke Teams sends when Allow or Decline is pressed on a file consent card."""
        card = message.attachment or {}
        content: Json = card.get("content") or {}
        value: Json = {
            "type": "fileUpload",
            "action": "accept" if accept else "decline",
            "context": content.get("acceptContext" if accept else "declineContext"),
        }
        if accept:
            file = self._people.world.store(str(card.get("name")), person_id)
            value["uploadInfo"] = {
                "contentUrl": self._store.content_url(file),
                "name": file.name,
                "uploadUrl": self._store.upload_url(file),
                "uniqueId": file.id,
                "fileType": file.name.rpartition(".")[2],
            }
        extra: Json = {"type": "invoke", "name": "fileConsent/invoke", "value": value}
        made = self._people.activity(person_id, message.conversation_id, **extra)
        return {**made, "replyToId": message.id}

    async def answer(self, person_id: str, message: Message, *, accept: bool) -> Answer:
        status, _ = await self._people.deliver(self.answered(person_id, message, accept=accept))
        return Answer("none") if status == 200 else Answer("error", UNREACHABLE)
