"""A bad day in Teams: it refuses, does not answer, or asks to wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BadDay:
    """Answers calls of one kind with `status`, so many times; `done` carries them out first. Status
    0 closes the connection without an answer. `within`: only of paths that hold this.
    """

    def __init__(self, rehearsal: Rehearsal, method: str, path_end: str, within: str = "") -> None:
        self.times, self.status, self.done, self.seen = 0, 503, False, 0
        self.code, self.retry_after = "", ""
        self._kind = (method, path_end, within)
        rehearsal.connector.interfere = self._interfere

    def answer(
        self,
        status: int,
        times: int,
        *,
        done: bool = False,
        code: str = "BotNotInConversationRoster",
        retry_after: str = "0.1",
    ) -> None:
        self.status, self.times, self.done = status, times, done
        self.code, self.retry_after = code, retry_after

    async def _interfere(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method, path_end, within = self._kind
        path = request.path
        if request.method != method or not path.endswith(path_end) or within not in path:
            return await handler(request)
        self.seen += 1
        if self.times <= 0:
            return await handler(request)
        self.times -= 1
        if self.done:
            await handler(request)
        if not self.status and request.transport:
            request.transport.abort()
        body = {"error": {"code": self.code, "message": "x"}}
        headers = {"Retry-After": self.retry_after}
        return web.json_response(body, status=self.status or 500, headers=headers)


async def later(acting: Acting, **delta: float) -> None:
    """Time passes, and what waited for it is tried again."""
    await acting.later(**delta)
    acting.desk.outbox.kick(acting.case_id)
    await acting.r.settled()
