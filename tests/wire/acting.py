"""Acting on a whole rehearsal over the real wire, in the words of the domain."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from bot.desk.desk import Desk
from bot.domain.referral import Referral
from bot.rehearsal.hands import Hands
from bot.rehearsal.people import Answer
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog, Message
from tests.tools.tables import rows_of

Json = dict[str, Any]

BRIEF = {
    "safe_now": "yes",
    "mosaic_1": "9900101",
    "age_1": "5_to_9",
    "district": "North",
    "child_location": "home",
    "seen_heard": "Late on 11 of the last 15 school days. Came in without breakfast twice.",
    "needs": "daily_care,emotional",
    "referrer_group": "school",
}
REST = {"told_family": "yes_agree", "contact_method": "phone", "safe_contact": "yes"}
PLAN = {
    "action_1": "Visit mum at home and agree an early help assessment",
    "need_1": "daily_care",
    "due_1": "2026-11-26",
    "family_view": "Mum agrees.",
    "next_step": "Start breakfast club tomorrow.",
}


class Acting:
    def __init__(self, rehearsal: Rehearsal) -> None:
        self.r = rehearsal
        self.case_id = ""

    def hands(self, person_id: str) -> Hands:
        return Hands(self.r.people, person_id)

    @property
    def desk(self) -> Desk:
        return self.r.front_door.desk

    async def referral(self) -> Referral:
        return (await self.desk.cases.fresh(self.case_id)).referral

    async def briefing(self) -> Message:
        referral = await self.referral()
        assert referral.briefing is not None
        return self.r.world.messages[referral.briefing.activity_id]

    async def form(self, person_id: str = "masho-1") -> Dialog:
        return await self.hands(person_id).compose("newReferral", "personal")

    async def brief(self, person_id: str = "masho-1", **changes: str) -> Answer:
        """Presses Brief now on a fresh form."""
        dialog = await self.form(person_id)
        values = {**BRIEF, **changes}
        self.case_id = Screen(dialog.card).press("intake.brief")[0]["data"]["case"]
        answer = await self.hands(person_id).in_dialog(dialog, "intake.brief", values)
        await self.r.settled()
        return answer

    async def referred(self, person_id: str = "masho-1", **changes: str) -> Referral:
        """A referral briefed and with everything asked."""
        answer = await self.brief(person_id, **changes)
        assert answer.dialog is not None
        await self.hands(person_id).finish(answer.dialog, "intake.rest", REST)
        await self.r.settled()
        return await self.referral()

    async def tap(self, person_id: str, verb: str, **fill: str) -> Answer:
        answer = await self.hands(person_id).do(await self.briefing(), verb, fill)
        await self.r.settled()
        return answer

    async def dialog(self, person_id: str, opener: str, verb: str, **fill: str) -> None:
        hands = self.hands(person_id)
        opened = await hands.open(await self.briefing(), opener)
        await hands.finish(opened, verb, fill)
        await self.r.settled()

    async def agreed(self) -> Referral:
        """Claimed by Femi, early help picked by him, agreed by Tomasz."""
        await self.tap("eh-1", "claim")
        await self.pick("eh-1")
        await self.tap("sw-1", "agree")
        return await self.referral()

    async def pick(self, person_id: str, outcome: str = "ehu", **fill: str) -> None:
        await self.dialog(
            person_id,
            "outcome.open",
            "outcome.pick",
            **{**PLAN, "outcome": outcome, "rationale": "Mum wants help.", **fill},
        )

    async def screen(self, person_id: str) -> Screen:
        return await self.hands(person_id).look(await self.briefing(), by_hand=True)

    async def shown(self, person_id: str) -> str:
        """Every word of the briefing as this person sees it now."""
        message = await self.briefing()
        await self.hands(person_id).look(message, by_hand=True)
        return " ".join(words_of(message.card_for(person_id) or {}).split())

    async def refused(self, person_id: str, opener: str, verb: str, **fill: str) -> str:
        """What a dialog that must not close says."""
        hands = self.hands(person_id)
        opened = await hands.open(await self.briefing(), opener)
        answer = await hands.in_dialog(opened, verb, fill)
        await self.r.settled()
        assert answer.dialog is not None, "the dialog closed"
        return words_of(answer.dialog.card)

    async def closed(self) -> Referral:
        """Agreed, fed back, notes confirmed."""
        await self.agreed()
        await self.dialog("eh-1", "feedback.open", "feedback.sent")
        await self.dialog("masho-1", "notes.open", "notes.confirm")
        return await self.referral()

    async def later(self, **delta: float) -> None:
        await self.r.advance(self.r.clock.now() + dt.timedelta(**delta))

    def threads(self) -> list[tuple[str, list[Message]]]:
        """Threads of referrals: what the duty team is asked at the end of a day is none."""
        return [
            (root, messages)
            for root, messages in self.r.world.threads()
            if not any("pulse.open" in json.dumps(m.card) for m in messages)
        ]

    async def to(self, when: str) -> None:
        await self.r.advance(dt.datetime.fromisoformat(when).astimezone(dt.UTC))

    async def refusals(self) -> list[Json]:
        rows = await rows_of(self.r.front_door.rows, "Refusals")
        return [dict(r.props) for r in rows]

    async def logged(self) -> list[str]:
        stream = await self.r.front_door.log.load(self.case_id)
        return [r.event.TYPE for c in stream.commits for r in c.recorded]

    def thread(self, message: Message) -> list[Message]:
        wanted = message.conversation_id
        return [m for m in self.r.world.messages.values() if m.conversation_id == wanted]


def words_of(card: Json) -> str:
    """Everything written on a card, input labels and values included."""
    found: list[str] = []

    def look(element: Any) -> None:
        if isinstance(element, dict):
            for key in ("text", "title", "label", "value", "codeSnippet"):
                if isinstance(element.get(key), str):
                    found.append(element[key])
            for inner in element.values():
                look(inner)
        elif isinstance(element, list):
            for inner in element:
                look(inner)

    look(card)
    return "\n".join(found)
