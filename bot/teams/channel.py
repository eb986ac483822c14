"""Speaking through Teams: the desk's channel, its threads, and people's own chats."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from bot.desk.directory import Directory, is_object_id
from bot.desk.people_seen import clean_name
from bot.desk.ports import (
    Address,
    CannotDeliver,
    DeliveryUnknown,
    Log,
    Mention,
    Post,
    StoreUnavailable,
    TryLater,
)
from bot.domain.partnership import Partnership, Person
from bot.domain.roster import Member
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT, Role
from bot.teams.activities import Inbound, outgoing
from bot.teams.connector import Connector

_log = logging.getLogger("frontdoor.channel")

Json = dict[str, Any]
_ROSTER_FOR_S = 300.0
_MOST_WATCHERS = 60


class TeamsChannel:
    def __init__(
        self,
        partnership: Partnership,
        connector: Connector,
        log: Log,
        directory: Directory,
        *,
        bot_id: str,
        service_url: str,
    ) -> None:
        self._p = partnership
        self._connector = connector
        self._log = log
        self._directory = directory
        self._bot_id = bot_id
        self._service_url = service_url
        self._users: dict[str, str] = {}
        """Teams user ids by Entra object id: the roster has people whose role is not known yet."""
        self._tenants: dict[str, str] = {}
        self._chats: dict[str, Address] = {}
        self._roster_at = float("-inf")
        self._roster_task: asyncio.Task[None] | None = None
        self._heard_from_channel = False

    # What inbound activities teach --------------------------------------------------

    async def learn(self, inbound: Inbound, person_id: str) -> None:
        """Keeps the person's Teams id, their chat, and the newest service URL.

        The channel's own activities know it best; until one comes, a chat's will do. What cannot be
        saved is learned again from the next.
        """
        try:
            await self._learn(inbound, person_id)
        except StoreUnavailable:
            _log.warning("channel.address_not_saved")

    async def _learn(self, inbound: Inbound, person_id: str) -> None:
        if person_id:
            self._users[inbound.sender.object_id.lower()] = inbound.sender.user_id
        if inbound.personal and person_id:
            chat = Address(inbound.conversation_id, inbound.service_url, inbound.sender.user_id)
            if self._chats.get(person_id) != chat:
                await self._log.save_address(f"person-{person_id}", chat)
                self._chats[person_id] = chat
        if inbound.personal and self._heard_from_channel:
            return
        self._heard_from_channel = not inbound.personal
        if self._service_url != inbound.service_url:
            await self._log.save_address("desk", Address("", inbound.service_url))
            self._service_url = inbound.service_url

    def tenant_of(self, object_id: str) -> str:
        """The tenant the roster gives for a user, empty when it gives none."""
        return self._tenants.get(object_id.lower(), "")

    async def start(self) -> None:
        """Where roles come from groups, the roster tells whom to ask about: it is read at once, and
        waited for where nobody is known yet.
        """
        known = await self._log.address("desk")
        if known and self._connector.allowed(known.service_url):
            self._service_url = known.service_url
        if self._directory.active:
            self._roster_task = asyncio.create_task(self._read_roster())
            if self._directory.knows_nobody:
                await self._roster_task

    async def stop(self) -> None:
        if self._roster_task:
            self._roster_task.cancel()
            await asyncio.gather(self._roster_task, return_exceptions=True)

    # Roster -------------------------------------------------------------------------

    async def viewers(self) -> tuple[str, ...]:
        """The duty team, then its managers; a refresh list holds at most 60."""
        await self._fresh_roster()
        people = (*self._p.with_role(*DUTY_TEAM), *self._p.with_role(Role.MANAGER))
        ids = [user_id for p in people if (user_id := self._user_of(p))]
        return tuple(ids[:_MOST_WATCHERS])

    async def user_id(self, person_id: str) -> str:
        await self._fresh_roster()
        return self._user_of(self._p.person(person_id))

    def _user_of(self, person: Person | None) -> str:
        """Empty too for somebody who has no role any more: they are not called for."""
        if person is None or person.role is Role.NONE:
            return ""
        return self._users.get(person.object_id.lower(), "")

    async def _fresh_roster(self) -> None:
        """Waits for the first roster only; later ones are read in the background."""
        if time.monotonic() - self._roster_at < _ROSTER_FOR_S:
            return
        first = self._roster_at == float("-inf")
        if self._roster_task is None:
            self._roster_task = asyncio.create_task(self._read_roster())
        if first:
            await self._roster_task

    async def members(self) -> tuple[Member, ...]:
        raw = await self._connector.members(self._service_url, self._p.desk_channel)
        self._learn_members(raw)
        code_of = {tenant: code for code, tenant in self._p.tenant_by_code.items()}
        found = []
        for member in raw:
            object_id, name = _object_id(member), clean_name(str(member.get("name") or ""))
            tenant = code_of.get(str(member.get("tenantId") or "").lower())
            if tenant and name and is_object_id(object_id):
                account = clean_name(str(member.get("userPrincipalName") or ""))
                found.append(Member(name, object_id, tenant, account))
        return tuple(found)

    async def _read_roster(self) -> None:
        try:
            members = await self._connector.members(self._service_url, self._p.desk_channel)
        except (CannotDeliver, DeliveryUnknown, TryLater) as error:
            _log.warning("channel.roster_not_read", extra={"fault": type(error).__name__})
            self._roster_at = time.monotonic() - _ROSTER_FOR_S + 10
            return
        finally:
            self._roster_task = None
        ours = self._learn_members(members)
        self._roster_at = time.monotonic()
        await self._directory.in_channel(ours)

    def _learn_members(self, members: list[Json]) -> list[tuple[str, str]]:
        """Keeps their Teams ids and tenants; gives (object id, name) of those no partner's."""
        ours = []
        for member in members:
            object_id, tenant = _object_id(member), str(member.get("tenantId") or "")
            if tenant:
                self._tenants[object_id] = tenant
            if object_id and member.get("id"):
                self._users[object_id] = str(member["id"])
            # A guest of the host tenant has a tenant of their own.
            if tenant.lower() not in self._p.partners_tenant_ids:
                ours.append((object_id, str(member.get("name") or "")))
        return ours

    # Sending ------------------------------------------------------------------------

    async def start_thread(self, post: Post) -> Address:
        """A new post in the desk's channel; the activity id comes back in `user_id`."""
        body = {
            "isGroup": True,
            "bot": {"id": self._bot_id},
            "channelData": {"channel": {"id": self._p.desk_channel}},
            "tenantId": self._p.tenants[HOST_TENANT],
            "activity": self._activity(post),
        }
        answer = await self._connector.create_conversation(self._service_url, body)
        conversation = str(answer.get("id", ""))
        activity = str(answer.get("activityId") or conversation.partition(";messageid=")[2])
        if not conversation or not activity:
            raise DeliveryUnknown("no_ids")
        return Address(conversation, self._service_url, activity)

    async def reply(self, conversation_id: str, service_url: str, post: Post) -> str:
        await self._fresh_roster()
        url = self._url(service_url)
        return await self._connector.post(url, conversation_id, self._activity(post))

    async def edit(
        self, conversation_id: str, service_url: str, activity_id: str, post: Post
    ) -> None:
        activity = {**self._activity(post), "id": activity_id}
        await self._connector.put(self._url(service_url), conversation_id, activity_id, activity)

    def _url(self, stored: str) -> str:
        """Service URLs move; the channel's newest one wins over an older stored one."""
        return self._service_url if stored == "" else stored

    async def personal(self, person_id: str, *, by_last_role: bool = False) -> Address | None:
        person = self._p.person(person_id)
        if person is None or person.tenant != HOST_TENANT or person.role is Role.NONE:
            return None
        if not by_last_role and not await self._directory.may_be_sent(person):
            return None
        known = self._chats.get(person_id) or await self._log.address(f"person-{person_id}")
        if known:
            self._chats[person_id] = known
            return known
        user_id = await self.user_id(person_id)
        if not user_id:
            return None
        try:
            answer = await self._connector.create_conversation(
                self._service_url,
                {
                    "isGroup": False,
                    "bot": {"id": self._bot_id},
                    "members": [{"id": user_id}],
                    "tenantId": self._p.tenants[HOST_TENANT],
                    "channelData": {"tenant": {"id": self._p.tenants[HOST_TENANT]}},
                },
            )
        except CannotDeliver:
            return None
        conversation = str(answer.get("id") or "")
        if not conversation:
            raise DeliveryUnknown("no_ids")
        address = Address(conversation, self._service_url, user_id)
        self._chats[person_id] = address
        await self._log.save_address(f"person-{person_id}", address)
        return address

    def _activity(self, post: Post) -> Json:
        entities = [e for m in post.mentions if (e := self._mention(m))]
        text = post.text
        for mention in post.mentions:
            if not self._user_of(self._p.person(mention.person_id)):
                text = text.replace(f"<at>{mention.name}</at>", mention.name)
        return outgoing(
            text=text,
            card=post.card,
            summary=post.summary,
            entities=entities,
            bot_id=self._bot_id,
        )

    def _mention(self, mention: Mention) -> Json | None:
        user_id = self._user_of(self._p.person(mention.person_id))
        if not user_id:
            return None
        return {
            "type": "mention",
            "text": f"<at>{mention.name}</at>",
            "mentioned": {"id": user_id, "name": mention.name},
        }


def _object_id(member: Json) -> str:
    return str(member.get("aadObjectId") or member.get("objectId") or "").lower()
