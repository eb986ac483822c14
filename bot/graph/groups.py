"""Who is in which group, asked of Graph's checkMemberGroups: a read, so it may be asked twice.

The app needs the Graph permissions User.Read.All and GroupMember.Read.All.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from bot.desk.graph_ports import DirectoryUnavailable
from bot.graph.client import (
    Answer,
    GraphClient,
    Json,
    NoAnswer,
    NotSent,
    NotSignedIn,
    deadline,
    time_left,
)

_log = logging.getLogger("frontdoor.graph.groups")

WITHIN_S = 8.0
"""Everything, the wait for a token included."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""An object id that no directory gives to anybody."""
_TRIES = 2
_FOR_A_TRY_S = 1.0
_PAUSE_S = 0.2
_PROBE_WAITED_FOR_S = 2.0


class GraphGroups:
    """Once Graph was seen down, one question at a time, each `probe_every_s`, finds out whether it
    is back, and the others wait a little for what it finds; when Graph said how long to wait, none
    is asked before.
    """

    def __init__(
        self, client: GraphClient, *, within_s: float = WITHIN_S, probe_every_s: float = 1.0
    ) -> None:
        self._client = client
        self._within_s = within_s
        self.probe_every_s = probe_every_s
        self._down = False
        self._probe: asyncio.Future[None] | None = None
        self._probe_from = 0.0
        self._ask_from = 0.0

    async def member_of(self, object_id: str, group_ids: Sequence[str]) -> frozenset[str]:
        """See `bot.desk.graph_ports.Groups`. Whoever has no Entra object id is in no group."""
        user = _guid(object_id)
        if not user or not group_ids:
            return frozenset()
        until = deadline(self._within_s)
        self._not_asked_to_wait()
        if self._down and self._probe:
            await asyncio.wait([self._probe], timeout=_PROBE_WAITED_FOR_S)
            if self._down:
                raise DirectoryUnavailable("seen_down")
        if self._down:
            return await self._probed(user, group_ids, until)
        return await self._found(user, group_ids, until, _TRIES)

    def _not_asked_to_wait(self) -> None:
        if time_left(self._ask_from) > 0:
            raise DirectoryUnavailable("asked_to_wait")

    async def _probed(self, user: str, group_ids: Sequence[str], until: float) -> frozenset[str]:
        probe = self._probe = asyncio.get_running_loop().create_future()
        try:
            await asyncio.sleep(max(time_left(self._probe_from), 0.0))
            self._probe_from = deadline(self.probe_every_s)
            return await self._found(user, group_ids, until, 1)
        finally:
            self._probe = None
            probe.set_result(None)

    async def _found(
        self, user: str, group_ids: Sequence[str], until: float, tries: int
    ) -> frozenset[str]:
        try:
            found = _members(await self._answer(user, group_ids, until, tries), group_ids)
        except DirectoryUnavailable:
            self._down = True
            raise
        self._down = False
        return found

    async def _answer(
        self, user: str, group_ids: Sequence[str], until: float, tries: int
    ) -> Answer:
        path = f"/v1.0/users/{user}/checkMemberGroups"
        body: Json = {"groupIds": list(group_ids)}
        for _ in range(tries - 1):
            answer = await self._posted(path, body, until)
            wait = _worth_another_try(answer)
            if wait is None or wait + _FOR_A_TRY_S > time_left(until):
                return answer
            await asyncio.sleep(wait)
        return await self._posted(path, body, until)

    async def _posted(self, path: str, body: Json, until: float) -> Answer:
        try:
            answer = await self._client.post(path, body, until)
        except NotSignedIn:
            raise DirectoryUnavailable("not_signed_in") from None
        except (NotSent, NoAnswer) as error:
            _log.warning("groups.not_read", extra={"fault": str(error)})
            raise DirectoryUnavailable(str(error)) from None
        if answer.after_s and _worth_another_try(answer) is not None:
            self._ask_from = max(self._ask_from, deadline(answer.after_s))
        return answer


def _guid(object_id: str) -> str:
    """In the usual writing, empty for anything else: it becomes part of an address."""
    try:
        found = str(UUID(object_id))
    except ValueError:
        return ""
    return found if found == object_id.lower() else ""


def _worth_another_try(answer: Answer) -> float | None:
    """Seconds to wait first; None where asking again would not help."""
    if answer.status == 429 or answer.status >= 500:
        return _PAUSE_S if answer.after_s is None else answer.after_s
    return None


def _members(answer: Answer, group_ids: Sequence[str]) -> frozenset[str]:
    # A 404 may as well come from a proxy or from a wrong address: only Graph's own counts.
    if answer.status == 404 and answer.error_code == "Request_ResourceNotFound":
        return frozenset()
    value = (answer.body or {}).get("value")
    if answer.status != 200 or not isinstance(value, list):
        _log.warning("groups.not_read", extra={"status": answer.status})
        raise DirectoryUnavailable(str(answer.status))
    found = frozenset(str(group).lower() for group in value)
    return found & {group.lower() for group in group_ids}
