"""What people do in the simulated Teams: type, press, open dialogs, refresh. On the real wire."""

from __future__ import annotations

import html
import uuid
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.domain.partnership import Person
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.rehearsal.trust import TeamsSigner
from bot.rehearsal.world import BOT, REFRESH_EVERY, Dialog, Message, World
from cards.wording import BOT_NAME

Json = dict[str, Any]

ANSWER_WITHIN_S = 15.0
UNREACHABLE = "Unable to reach app. Try again."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press shows. `kind`: none, message, error, dialog, refreshed."""

    kind: str
    text: str = ""
    dialog: Dialog | None = None


class People:
    def __init__(
        self,
        world: World,
        signer: TeamsSigner,
        session: aiohttp.ClientSession,
        *,
        app_id: str,
        bot_url: str,
        service_url: str,
        hears_everything: bool = False,
    ) -> None:
        """`hears_everything`: the app was granted the channel-message permission."""
        self.world = world
        self._signer = signer
        self._session = session
        self._app_id = app_id
        self.bot_url = bot_url
        self._service_url = service_url
        self._hears_everything = hears_everything
        self._token = ""

    # The wire -----------------------------------------------------------------------

    def _activity(self, person: Person, conversation_id: str, **extra: Any) -> Json:
        w = self.world
        channel = w.is_channel(conversation_id)
        tenants = w.partnership.tenants
        data: Json = {"tenant": {"id": tenants[HOST_TENANT if channel else person.tenant]}}
        if channel:
            data |= {"channel": {"id": w.channel_id}, "team": {"id": w.team_id}}
        return {
            "id": w.new_id(),
            "timestamp": w.clock.now().isoformat(),
            "channelId": "msteams",
            "serviceUrl": self._service_url,
            "from": {
                "id": w.user_id(person),
                "name": person.name,
                "aadObjectId": person.object_id,
            },
            "recipient": {"id": w.bot_id, "name": BOT_NAME},
            "conversation": {
                "id": conversation_id,
                "conversationType": "channel" if channel else "personal",
                "isGroup": channel,
                "tenantId": tenants[HOST_TENANT],
            },
            "channelData": data,
            "locale": "en-GB",
            **extra,
        }

    def activity(self, person_id: str, conversation_id: str, **extra: Any) -> Json:
        """As Teams would send it for this person."""
        return self._activity(self.world.person(person_id), conversation_id, **extra)

    async def deliver(self, activity: Json) -> tuple[int, Any]:
        """HTTP status and body of the bot's answer; (0, None) when it did not answer in time."""
        if not self._token:
            self._token = self._signer.activity_token(self._app_id, self._service_url)
        try:
            async with self._session.post(
                self.bot_url,
                json=activity,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S),
            ) as answer:
                body = await answer.json(content_type=None) if answer.content_length else None
                return answer.status, body
        except (aiohttp.ClientError, TimeoutError):
            return 0, None

    async def _invoke(
        self, person: Person, conversation_id: str, name: str, value: Json, reply_to: str = ""
    ) -> tuple[int, Any]:
        extra: Json = {"type": "invoke", "name": name, "value": value}
        if reply_to:
            extra["replyToId"] = reply_to
        return await self.deliver(self._activity(person, conversation_id, **extra))

    async def install(self) -> None:
        """The app is added to the team and to each host person's chat."""
        people = self.world.partnership.people
        host = [p for p in people if self.world.has_chat(p) and p.role is not Role.NONE]
        channel = self._activity(host[0], self.world.channel_id, type="installationUpdate")
        await self.deliver({**channel, "action": "add"})
        for person in host:
            chat = self.world.chat_id(person)
            added = [{"id": self.world.bot_id}]
            await self.deliver(
                self._activity(person, chat, type="conversationUpdate", membersAdded=added)
            )

    # Typing -------------------------------------------------------------------------

    async def say(
        self, person_id: str, text: str, *, thread: str = "", place: str = "channel"
    ) -> bool:
        """In the person's chat, in a thread (`thread` is its root id) or as a new post. Whether the
        bot took it, where it hears it.
        """
        person = self.world.person(person_id)
        if place == "personal":
            conversation = self.world.chat_id(person)
            message_id = self.world.new_id()
        else:
            message_id = self.world.new_id()
            conversation = self.world.thread_id(thread or message_id)
        name = f"@{BOT_NAME}"
        mentioned = name in text
        self.world.add(
            conversation,
            person_id,
            text=text,
            mentions=(BOT_NAME,) if mentioned else (),
            message_id=message_id,
        )
        if place != "personal" and not (mentioned or self._hears_everything):
            return True
        text, entities = self._tagged(text, mentioned=mentioned and place != "personal")
        activity = self._activity(
            person, conversation, type="message", text=text, entities=entities
        )
        status, _ = await self.deliver({**activity, "id": message_id})
        return 200 <= status < 300

    # Pressing -----------------------------------------------------------------------

    async def press(self, person_id: str, message: Message, action: Json, inputs: Json) -> Answer:
        person = self.world.person(person_id)
        data = action.get("data")
        data = dict(data) if isinstance(data, dict) else {}
        merged = {**data, **inputs}
        if action.get("type") == "Action.Execute":
            value = {
                "action": {"type": "Action.Execute", "verb": action.get("verb"), "data": merged},
                "trigger": "manual",
            }
            status, body = await self._invoke(
                person, message.conversation_id, "adaptiveCard/action", value, message.id
            )
            return self._card_answer(person, message, status, body)
        if (data.get("msteams") or {}).get("type") == "task/fetch":
            status, body = await self._invoke(
                person,
                message.conversation_id,
                "task/fetch",
                {"data": merged, "context": {"theme": "default"}},
                message.id,
            )
            return self._dialog_answer(
                Dialog("", person_id, message.conversation_id, "", {}, "", message.id),
                status,
                body,
            )
        extra = {"type": "message", "value": merged, "replyToId": message.id, "text": ""}
        await self.deliver(self._activity(person, message.conversation_id, **extra))
        return Answer("none")

    async def press_dialog(self, dialog: Dialog, action: Json, inputs: Json) -> Answer:
        person = self.world.person(dialog.person_id)
        data = {**(action.get("data") or {}), **inputs}
        if dialog.compose_command:
            name = "composeExtension/submitAction"
            value: Json = {
                "commandId": dialog.compose_command,
                "commandContext": "compose",
                "data": data,
            }
            if dialog.quoted:
                value = self._quoting(self.world.messages[dialog.quoted], value)
        else:
            name, value = "task/submit", {"data": data, "context": {"theme": "default"}}
        status, body = await self._invoke(
            person, dialog.conversation_id, name, value, dialog.reply_to
        )
        return self._dialog_answer(dialog, status, body)

    async def compose(
        self, person_id: str, command: str, *, thread: str = "", place: str
    ) -> Answer:
        """The message extension beside the compose box."""
        person = self.world.person(person_id)
        conversation = self.world.channel_id
        if place == "personal":
            conversation = self.world.chat_id(person)
        elif thread:
            conversation = self.world.thread_id(thread)
        value = {"commandId": command, "commandContext": "compose", "data": {}}
        status, body = await self._invoke(person, conversation, "composeExtension/fetchTask", value)
        return self._dialog_answer(
            Dialog("", person_id, conversation, "", {}, command), status, body
        )

    async def message_action(self, person_id: str, message: Message, command: str) -> Answer:
        """The three dots of a message: an action of the app, with the message as its payload."""
        person = self.world.person(person_id)
        value = self._quoting(message, {"commandId": command, "data": {}})
        conversation = message.conversation_id
        status, body = await self._invoke(person, conversation, "composeExtension/fetchTask", value)
        opened = Dialog("", person_id, conversation, "", {}, command, quoted=message.id)
        return self._dialog_answer(opened, status, body)

    def _quoting(self, message: Message, value: Json) -> Json:
        """Teams sends the message's HTML again with every step of the action."""
        w = self.world
        author = w.partnership.person(message.author)
        user = author and {
            "id": author.object_id,
            "displayName": author.name,
            "userIdentityType": "aadUser",
        }
        sender: Json = {"user": user} if user and message.author != BOT else {}
        if not sender:
            sender = {"application": {"id": w.bot_id, "displayName": BOT_NAME}}
        root = message.conversation_id.partition(";messageid=")[2]
        words = html.escape(message.text).replace("\n", "<br>")
        name = f"@{BOT_NAME}"
        words = words.replace(name, f'<at id="0">{BOT_NAME}</at>&nbsp;')
        bot = {"id": w.bot_id, "displayName": BOT_NAME}
        return {
            **value,
            "commandContext": "message",
            "messagePayload": {
                "id": message.id,
                "replyToId": root if root != message.id else None,
                "createdDateTime": message.at.isoformat(),
                "linkToMessage": w.partnership.thread_link.format(
                    channel=w.channel_id, message=message.id
                ),
                "from": sender,
                "mentions": [{"id": 0, "mentionText": BOT_NAME, "mentioned": {"application": bot}}]
                if name in message.text
                else [],
                "body": {"contentType": "html", "content": f"<div><p>{words}</p></div>"},
            },
        }

    async def edit(self, person_id: str, message: Message, text: str) -> None:
        """Changes one's own message. The bot hears of it where it heard the message."""
        self.world.edit(message, text=text, card=None)
        await self._tell_of(person_id, message, "messageUpdate", "editMessage", text)

    async def delete(self, person_id: str, message: Message) -> None:
        message.deleted = True
        message.rev += 1
        self.world.touch()
        await self._tell_of(person_id, message, "messageDelete", "softDeleteMessage", "")

    async def _tell_of(
        self, person_id: str, message: Message, kind: str, event_type: str, text: str
    ) -> None:
        mentioned = BOT_NAME in message.mentions
        if not (mentioned or self._hears_everything):
            return
        person = self.world.person(person_id)
        text, entities = self._tagged(text, mentioned=mentioned)
        activity = self._activity(
            person, message.conversation_id, type=kind, text=text, entities=entities
        )
        activity["channelData"]["eventType"] = event_type
        await self.deliver({**activity, "id": message.id})

    def _tagged(self, text: str, *, mentioned: bool) -> tuple[str, list[Json]]:
        """The text with the bot's mention as Teams writes it, and the entity that goes with it."""
        if not mentioned:
            return text, []
        tag = f"<at>{BOT_NAME}</at>"
        bot = {"id": self.world.bot_id, "name": BOT_NAME}
        entity = {"type": "mention", "text": tag, "mentioned": bot}
        return text.replace(f"@{BOT_NAME}", tag), [entity]

    async def refresh(self, person_id: str, message: Message, *, by_hand: bool = False) -> bool:
        """Asks for this person's own view; by itself at most once a minute a card."""
        person = self.world.person(person_id)
        if self.world.user_id(person) not in message.refresh_ids():
            return False
        now = self.world.clock.now()
        last = message.refreshed_at.get(person_id)
        if not by_hand and last is not None and now - last < REFRESH_EVERY:
            return False
        message.refreshed_at[person_id] = now
        action = (message.card or {})["refresh"]["action"]
        value = {
            "action": {
                "type": "Action.Execute",
                "verb": action.get("verb"),
                "data": action.get("data"),
            },
            "trigger": "manual" if by_hand else "automatic",
        }
        status, body = await self._invoke(
            person, message.conversation_id, "adaptiveCard/action", value, message.id
        )
        return self._card_answer(person, message, status, body).kind == "refreshed"

    # Answers ------------------------------------------------------------------------

    def _card_answer(self, person: Person, message: Message, status: int, body: Any) -> Answer:
        if status != 200 or not isinstance(body, dict):
            return Answer("error", UNREACHABLE)
        kind = str(body.get("type", ""))
        if kind == "application/vnd.microsoft.card.adaptive":
            self.world.show(message, person.id, body["value"])
            return Answer("refreshed")
        if kind == "application/vnd.microsoft.activity.message":
            return Answer("message", str(body.get("value")))
        error = body.get("value") or {}
        return Answer("error", str(error.get("message", UNREACHABLE)))

    def _dialog_answer(self, asked: Dialog, status: int, body: Any) -> Answer:
        if status != 200:
            return Answer("error", UNREACHABLE)
        self.world.dialogs.pop(asked.id, None)
        task = (body or {}).get("task") or {}
        if task.get("type") == "message":
            return Answer("message", str(task.get("value")))
        if task.get("type") != "continue":
            return Answer("none")
        value = task["value"]
        dialog = Dialog(
            uuid.uuid4().hex,
            asked.person_id,
            asked.conversation_id,
            str(value.get("title", "")),
            value["card"]["content"],
            asked.compose_command,
            asked.reply_to,
            asked.quoted,
        )
        self.world.open_dialog(dialog)
        return Answer("dialog", dialog=dialog)
