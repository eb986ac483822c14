"""Front Door as a process of its own, with referrals already briefed when it starts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from bot.desk.effects import POST_BRIEFING
from bot.desk.ports import Commit, Effect, EffectStatus, Row
from bot.domain import events as ev
from bot.domain.intake import Child
from bot.domain.partnership import Partnership
from bot.opening import open_rows
from bot.rehearsal.world import BOT
from bot.store import codec
from tests.domain.story import MASHO, intake
from tests.rehearsal.outside import OutsideBot

Json = dict[str, Any]


def case_of(n: int) -> str:
    return f"{n:032x}"


def root_of(n: int) -> str:
    """Id of the n-th referral's first message in the channel."""
    return str(1_763_000_000_000 + n)


def rows_of(n: int, at: dt.datetime, partnership: Partnership, service_url: str) -> Iterator[Row]:
    """A referral sent and posted: what is in the store when the team begins to talk about it."""
    case_id, reference = case_of(n), f"REF-{at.year}-{n:05d}"
    thread = f"{partnership.desk_channel};messageid={root_of(n)}"
    form = intake(received_at=at, children=(Child(f"{n:07d}", "5_to_9"),))
    sent = ev.Recorded(ev.IntakeSubmitted(form, reference), at, MASHO)
    posted = ev.Recorded(ev.BriefingPosted(thread, root_of(n), service_url, False, ()), at, "bot")
    owed = (Effect(POST_BRIEFING, {}),)
    yield codec.commit_row(Commit(case_id, 1, at, MASHO, (sent,), owed), f"{n:08x}")
    yield codec.commit_row(Commit(case_id, 2, at, "bot", (posted,), ()), f"{n:08x}")
    yield codec.status_row(case_id, EffectStatus(1, 0, "sent", at))
    yield Row("Index", "open", case_id, {"case": case_id})
    yield Row("Index", f"refs-{at.year}", f"N{n:05d}", {"case": case_id, "reference": reference})
    yield Row("Index", f"refs-{at.year}", f"C{case_id}", {"case": case_id, "reference": reference})
    yield Row("Index", "thread", codec.safe_key(thread), {"case": case_id})


class Ours(OutsideBot):
    """`referrals` of these numbers are briefed a minute before it starts."""

    referrals = range(0)

    async def _start_bot(self) -> None:
        if self.referrals:
            await self._seed()
        await super()._start_bot()

    async def _seed(self) -> None:
        rows = open_rows(self._store)
        await rows.start()
        at = self.clock.now() - dt.timedelta(minutes=1)
        by_table: dict[str, list[Row]] = {}
        for n in self.referrals:
            for row in rows_of(n, at, self.partnership, f"{self.base}/"):
                by_table.setdefault(row.table, []).append(row)
            self.world.add(self.world.thread_id(root_of(n)), BOT, message_id=root_of(n))
        for found in by_table.values():
            await rows.put_many(found)
        await rows.close()

    @property
    def token(self) -> str:
        return self.signer.activity_token(self.app_id, f"{self.base}/")

    @property
    def port(self) -> int:
        return self._port

    def press(self, person_id: str, n: int, verb: str, **data: Any) -> str:
        """An invoke's body: a button of the n-th referral's card, pressed by this person."""
        value = {
            "action": {
                "type": "Action.Execute",
                "verb": verb,
                "data": {"verb": verb, "case": case_of(n), "v": 2, **data},
            },
            "trigger": "manual",
        }
        return self._body(person_id, n, "adaptiveCard/action", value)

    def closing(self, person_id: str, n: int) -> str:
        """The press that does nothing: Close in a dialog."""
        value = {"data": {"verb": "close", "case": case_of(n), "v": 2}}
        return self._body(person_id, n, "task/submit", value)

    def _body(self, person_id: str, n: int, name: str, value: Json) -> str:
        thread = self.world.thread_id(root_of(n))
        extra: Json = {"type": "invoke", "name": name, "value": value, "replyToId": root_of(n)}
        return json.dumps(self.people.activity(person_id, thread, **extra))
