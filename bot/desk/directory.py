"""Who people of the host tenant are and what they may do, by the groups they are in.

An answer of Microsoft Graph serves for at most five minutes and is asked for again before that,
behind the turn. Nobody has a role without one: what the store remembers gives names, tells who to
notify, and lets the immediate flag through when Graph cannot be asked.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk.graph_ports import DirectoryUnavailable, Groups
from bot.desk.outage import Outage
from bot.desk.people_seen import as_seen, clean_name, keep, recall, take_in
from bot.desk.ports import Clock, Log, RoleUnknown, SeenPerson, StoreUnavailable
from bot.domain.decision import Refused, refused
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import HOST_TENANT, Role

_log = logging.getLogger("frontdoor.directory")

FRESH_S = 300.0
REFRESH_AFTER_S = 180.0
_STRANGER_FRESH_S = 60.0
_KEPT_FRESH_AFTER_USE_S = 3600.0
_LOOK_EVERY_S = 15.0
_PRESS_WAITS_S = 5.0
_SEND_WAITS_S = 2.0
_SEND_AGAIN_AFTER_S = 30.0
_PROBE_WAITS_S = 1.0
_FIRST_ROSTER_WAITS_S = 5.0
_AT_ONCE = 4
_MOST_STRANGERS = 1000
_OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NEVER = float("-inf")


def is_object_id(text: str) -> bool:
    """Whether this is an Entra object id, in lower case."""
    return _OBJECT_ID.fullmatch(text) is not None


@dataclass(slots=True)
class _Asked:
    """When Graph was last asked about somebody, and when somebody last acted, in seconds."""

    asked_at: float = _NEVER
    used_at: float = _NEVER
    name: str = ""


class Directory:
    def __init__(
        self,
        partnership: Partnership,
        groups: Groups | None,
        log: Log,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        """`groups` None: nobody can be asked. `monotonic` in seconds, for the age of answers."""
        self._p = partnership
        self._groups = groups
        self._log = log
        self._clock = clock
        self._now = monotonic
        self._group_ids = tuple(g.group_id for g in partnership.groups)
        self._asked: dict[str, _Asked] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._behind: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._outage = Outage(monotonic)
        self._loop_task: asyncio.Task[None] | None = None

    @property
    def active(self) -> bool:
        """Whether roles come from groups at all."""
        return bool(self._group_ids)

    @property
    def knows_nobody(self) -> bool:
        """Whether nobody of the host tenant has ever been seen with a role."""
        return not any(p.role is not Role.NONE for p in self._p.found.values())

    async def start(self) -> None:
        """Raises StoreUnavailable."""
        if not self.active:
            return
        await recall(self._p, self._log)
        self._loop_task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        tasks = [*self._behind, *self._asking.values()]
        tasks += [self._loop_task] if self._loop_task else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Who somebody is ----------------------------------------------------------------

    async def person(
        self,
        object_id: str,
        tenant_is_host: bool,
        name: str,
        within_s: float = _PRESS_WAITS_S,
        *,
        acts: bool = True,
    ) -> Person | Refused | None:
        """Somebody with a role, None for somebody without, Refused where that cannot be told
        within so many seconds. `name` is what Teams calls them. `acts`: it is they who ask.
        """
        wanted = object_id.lower()
        if listed := self._p.listed(wanted):
            return listed
        if not self.active or not tenant_is_host or not _OBJECT_ID.fullmatch(wanted):
            return None
        asked = self._note(wanted, name)
        if acts:
            asked.used_at = self._now()
        if not self._fresh(wanted):
            await self._ask_within(wanted, within_s)
            if not self._fresh(wanted):
                return refused("roles_unknown")
        elif self._now() - asked.asked_at >= REFRESH_AFTER_S:
            self._behind_turns(self._ask_all([wanted]))
        return self.last_known(wanted)

    async def may_be_sent(self, person: Person) -> bool:
        """Whether this person has a role now, asked where it is not fresh. Raises RoleUnknown where
        that cannot be told, after at most two seconds.
        """
        if not self.active or person.tenant != HOST_TENANT:
            return person.role is not Role.NONE
        found = await self.person(person.object_id, True, "", _SEND_WAITS_S, acts=False)
        if isinstance(found, Refused):
            raise RoleUnknown(_SEND_AGAIN_AFTER_S)
        return found is not None

    def last_known(self, object_id: str) -> Person | None:
        """Somebody of the host tenant with the role they last had, however long ago; None without
        a role. For what must not wait for Graph; everything else asks `person`.
        """
        found = self._p.person_of_object(object_id)
        return found if found and found.role is not Role.NONE else None

    def _fresh(self, object_id: str) -> bool:
        """A person without a role is asked about again sooner: they may just have been added."""
        asked = self._asked.get(object_id)
        serves = FRESH_S if self.last_known(object_id) else _STRANGER_FRESH_S
        return asked is not None and self._now() - asked.asked_at < serves

    def _note(self, object_id: str, name: str) -> _Asked:
        if object_id not in self._asked:
            self._forget_strangers()
        asked = self._asked.setdefault(object_id, _Asked())
        asked.name = clean_name(name) or asked.name
        return asked

    def _forget_strangers(self) -> None:
        if len(self._asked) < _MOST_STRANGERS:
            return
        for object_id in [i for i in self._asked if not self._fresh(i)]:
            if object_id not in self._asking:
                del self._asked[object_id]

    # Asking -------------------------------------------------------------------------

    async def _ask_within(self, object_id: str, seconds: float) -> None:
        """Waits for an answer; one that comes later still counts for the next press. While Graph is
        down nobody waits behind another's question, or again where one has just failed.
        """
        if self._outage.lasts:
            if self._asking or self._outage.just_seen:
                return
            seconds = min(seconds, _PROBE_WAITS_S)
        _, late = await asyncio.wait([self._ask(object_id)], timeout=seconds)
        if late:
            self._outage.seen()

    def _ask(self, object_id: str) -> asyncio.Task[None]:
        """One question about a person at a time, whoever waits for it."""
        task = self._asking.get(object_id)
        if task is None:
            task = asyncio.create_task(self._ask_graph(object_id))
            self._asking[object_id] = task
            task.add_done_callback(lambda done: self._answered(object_id, done))
        return task

    def _answered(self, object_id: str, done: asyncio.Task[None]) -> None:
        del self._asking[object_id]
        if not done.cancelled() and (fault := done.exception()):
            _log.error("directory.fault", exc_info=fault)

    async def _ask_graph(self, object_id: str) -> None:
        asked_at = self._now()
        try:
            if self._groups is None:
                raise DirectoryUnavailable
            member_of = await self._groups.member_of(object_id, self._group_ids)
        except DirectoryUnavailable:
            self._outage.seen()
            return
        self._outage.over()
        asked = self._note(object_id, "")
        asked.asked_at = asked_at
        await self._learned(object_id, member_of, asked.name)

    async def _learned(self, object_id: str, member_of: frozenset[str], name: str) -> None:
        known = self._p.person_of_object(object_id)
        now = as_seen(self._p, object_id, member_of, name)
        if now is None:
            return
        keep(self._p, now)
        if self._p.person_of_object(object_id) == known:
            return
        try:
            await self._log.save_person(now)
        except StoreUnavailable:
            _log.warning("directory.not_saved", extra={"object": object_id})

    # Behind the turns ---------------------------------------------------------------

    def _behind_turns(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)
        return task

    async def _ask_all(self, object_ids: Sequence[str]) -> None:
        """A few at once; a press that needs one of them does not wait for its place. While Graph
        is down one question is enough to see that it is back.
        """
        if object_ids and self._outage.lasts:
            latest = max(object_ids, key=self._asked_at)
            await asyncio.wait([*self._asking.values()][:1] or [self._ask(latest)])
            object_ids = [] if self._outage.lasts else [i for i in object_ids if i != latest]
        await asyncio.gather(*(self._ask_in_place(i) for i in object_ids))

    async def _ask_in_place(self, object_id: str) -> None:
        async with self._places:
            await asyncio.wait([self._ask(object_id)])

    async def in_channel(self, members: Iterable[tuple[str, str]]) -> None:
        """(object id, name) of the channel's members of the host tenant: looked up behind the
        turns. Where nobody is known yet it waits a little, so that the first card has its people.
        """
        if not self.active:
            return
        due = []
        for object_id, name in members:
            wanted = object_id.lower()
            if _OBJECT_ID.fullmatch(wanted) and not self._p.listed(wanted):
                self._note(wanted, name)
                if not self._fresh(wanted):
                    due.append(wanted)
        nobody = self.knows_nobody
        task = self._behind_turns(self._ask_all(due))
        if nobody:
            await asyncio.wait([task], timeout=_FIRST_ROSTER_WAITS_S)

    async def _loop(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                self._take_in_news(await self._log.people())
                await self.keep_fresh()
            except StoreUnavailable:
                _log.warning("directory.store_unavailable")
            except Exception:  # noqa: BLE001 - the job boundary: one bad look must not end looking
                _log.exception("directory.fault")

    def _take_in_news(self, people: Iterable[SeenPerson]) -> None:
        """What another process saved, where Graph told this one nothing of that person."""
        for seen in people:
            asked = self._asked.setdefault(seen.object_id, _Asked())
            if asked.asked_at == _NEVER or self._p.person_of_object(seen.object_id) is None:
                asked.asked_at = _NEVER
                take_in(self._p, [seen])

    def _asked_at(self, object_id: str) -> float:
        asked = self._asked.get(object_id)
        return asked.asked_at if asked else _NEVER

    async def keep_fresh(self) -> None:
        """Asks again about whoever acted in the last hour and, while open, everybody known with a
        role, before what is known of them is too old to serve.
        """
        now = self._now()
        opened = self._p.calendar.is_open(self._clock.now())
        due = []
        for person in self._p.found.values():
            asked = self._asked.get(person.object_id) or _Asked()
            used = now - asked.used_at < _KEPT_FRESH_AFTER_USE_S
            wanted = person.role is not Role.NONE and (opened or used)
            if wanted and now - asked.asked_at >= REFRESH_AFTER_S:
                due.append(person.object_id)
        await self._ask_all(due)
