"""Activities to turns: the handler the SDK calls. Refusals and faults become sentences here."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.schema import Activity, Attachment

from bot.desk.desk import Desk
from bot.desk.ports import Address
from bot.domain.decision import Refused, refused
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed
from bot.domain.vocabulary import HOST_TENANT
from bot.teams.activities import Inbound, mentions_bot, spoken
from bot.teams.answering import show
from bot.teams.boundary import guarded
from bot.teams.channel import TeamsChannel
from bot.teams.file_cards import consent_of
from bot.teams.files import TeamsFiles
from bot.teams.press import (
    BadPress,
    CloseDialog,
    Origin,
    Press,
    Reply,
    SayWords,
    ShowCard,
    ShowDialog,
    Turn,
    read_press,
)
from bot.teams.routes import (
    FOLLOWS_A_MERGE,
    MAY,
    READERS,
    ROUTES,
    SHOWS_NOTHING,
    WHO_READS,
    WITHOUT_CASE,
)
from bot.teams.routes_desk import changed, overheard, spoken as on_spoken
from bot.teams.routes_files import brought, consent_refused, consented, may_not
from bot.teams.routes_record import file_open
from cards import lists, wording as w
from cards.desk_cards import refused_dialog
from cards.refusals import sentence

_log = logging.getLogger("frontdoor.bot")

Json = dict[str, Any]
INBOUND = "frontdoor.inbound"
"""Where the adapter leaves the mapped activity in the turn's state."""

_BEFORE_A_CASE = frozenset({"intake.brief", "intake.immediate"})
"""Presses that bring a case id nobody has used yet."""

ADD_TO_RECORD = "addToRecord"
"""The message action's id in the app's manifest."""

_CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "application/vnd.microsoft.activity.message"


class FrontDoorBot(ActivityHandler):
    def __init__(self, desk: Desk, channel: TeamsChannel, files: TeamsFiles) -> None:
        super().__init__()
        self._desk = desk
        self._channel = channel
        self._files = files

    # Who ----------------------------------------------------------------------------

    def _tenant_known(self, inbound: Inbound) -> bool:
        """Every tenant the activity names is one of the partnership's, and it names one."""
        sender = inbound.sender
        allowed = {t.lower() for t in self._desk.partnership.tenants.values()}
        named = {
            t.lower()
            for t in (
                sender.channel_tenant_id,
                sender.conversation_tenant_id,
                sender.user_tenant_id,
            )
            if t
        }
        return bool(named) and named <= allowed

    def _person(self, inbound: Inbound) -> Person | None:
        """The configured person, matched by Entra object id and tenant."""
        p, sender = self._desk.partnership, inbound.sender
        wanted = sender.object_id.lower()
        found = p.person_of_object(wanted)
        if found is None or not wanted:
            return None
        home, host = p.tenants[found.tenant].lower(), p.tenants[HOST_TENANT].lower()
        named = {sender.channel_tenant_id.lower(), sender.conversation_tenant_id.lower()} - {""}
        # A partner's person in our channel may be shown with the host's tenant.
        if not named <= ({home} if inbound.personal else {home, host}):
            return None
        seen = sender.user_tenant_id or self._channel.tenant_of(wanted)
        return found if not seen or seen.lower() == home else None

    async def _turn(self, inbound: Inbound) -> Turn | Refused:
        if not self._tenant_known(inbound):
            return refused("wrong_tenant")
        person = self._person(inbound)
        await self._channel.learn(inbound, person.id if person else "")
        if person is None:
            return refused("not_on_list")
        return Turn(self._desk, person, inbound, self._files)

    async def _refuse(self, inbound: Inbound, no: Refused, verb: str, case_id: str = "") -> str:
        sender = inbound.sender
        await self._desk.service.refuse(
            no,
            verb=verb[:40],
            case_id=case_id,
            tenant_id=sender.channel_tenant_id or sender.conversation_tenant_id,
            object_id=sender.object_id,
        )
        _log.info("turn.refused", extra={"code": no.code, "verb": verb[:40], "case": case_id})
        return sentence(no, await self._desk.renderer.view())

    # Messages -----------------------------------------------------------------------

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if not inbound.personal and not mentions_bot(inbound) and not inbound.value:
            if self._desk.partnership.record_thread:
                await self._guarded(inbound, self._overheard)
            return
        reply = await self._guarded(inbound, self._message)
        if reply is not None:
            await self._send(turn_context, reply)

    async def _message(self, inbound: Inbound) -> Reply | None:
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return SayWords(await self._refuse(inbound, turn, "message"))
        if isinstance(inbound.value, dict):
            return await self._press(turn, inbound.value, Origin.SUBMIT)
        if not self._home(turn):
            return SayWords(await self._refuse(inbound, refused("other_place"), "message"))
        if inbound.files:
            if inbound.personal or not spoken(inbound):
                return await self._brought(turn)
            await self._files.say(inbound, w.FILES_IN_CHAT)
        return await on_spoken(turn, spoken(inbound), await self._case_here(inbound))

    async def _brought(self, turn: Turn) -> Reply | None:
        """Files a person sent. In a channel they are not taken, whoever sends them."""
        if not turn.inbound.personal:
            return SayWords(w.FILES_IN_CHAT)
        if no := may_not(turn, "import"):
            return SayWords(await self._refuse(turn.inbound, no, "import"))
        return await brought(turn)

    async def _overheard(self, inbound: Inbound) -> None:
        """A reply without a mention, where the partnership lets the thread be recorded: logged
        without an answer, because an answer to every line would drown the talk.
        """
        turn = await self._turn(inbound)
        if isinstance(turn, Refused) or not self._home(turn):
            _log.info("thread.not_recorded")
            return
        case_id = await self._case_here(inbound)
        words = spoken(inbound)
        if case_id and words:
            await overheard(turn, words, case_id)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        """An edit of a message that is on the record adds a revision."""
        inbound: Inbound = turn_context.turn_state[INBOUND]
        undeleted = inbound.event_type == "undeleteMessage"
        if not inbound.personal and not undeleted:
            await self._guarded(inbound, self._changed)

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if not inbound.personal:
            await self._guarded(inbound, self._changed)

    async def _changed(self, inbound: Inbound) -> None:
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return
        case_id = await self._case_here(inbound)
        if case_id:
            words = spoken(inbound) if inbound.kind == "messageUpdate" else None
            await changed(turn, words, case_id)

    async def _case_here(self, inbound: Inbound) -> str:
        if inbound.personal:
            return ""
        for case in self._desk.cases.warm():
            briefing = case.referral.briefing
            if briefing and briefing.conversation_id == inbound.conversation_id:
                return case.referral.case_id
        return await self._desk.log.case_of_thread(inbound.conversation_id)

    async def _send(self, turn_context: TurnContext, reply: Reply) -> None:
        match reply:
            case ShowCard(card) | ShowDialog(_, card):
                attachment = Attachment(content_type=_CARD, content=card)
                activity = Activity(type="message", attachments=[attachment])
            case SayWords(words):
                activity = Activity(type="message", text=words)
            case CloseDialog():
                return
        await turn_context.send_activity(activity)

    # Invokes ------------------------------------------------------------------------

    async def invoke(self, inbound: Inbound) -> Json:
        """The body of the invoke's answer; the HTTP status is always 200."""
        value = inbound.value if isinstance(inbound.value, dict) else {}
        match inbound.name:
            case "adaptiveCard/action":
                action = value.get("action")
                action = action if isinstance(action, dict) else {}
                data, verb = action.get("data"), str(action.get("verb", ""))
                reply = await self._pressed(inbound, data, Origin.EXECUTE, verb)
                return _card_answer(reply)
            case "task/fetch" | "task/submit":
                reply = await self._pressed(inbound, value.get("data"), Origin.DIALOG)
                return _task_answer(reply)
            case "composeExtension/fetchTask" if value.get("commandId") == ADD_TO_RECORD:
                reply = await self._guarded(inbound, self._add_to_record) or CloseDialog()
                return _task_answer(reply)
            case "composeExtension/fetchTask":
                reply = await self._pressed(inbound, {"verb": "intake.open"}, Origin.DIALOG)
                return _task_answer(reply)
            case "composeExtension/submitAction":
                reply = await self._pressed(inbound, value.get("data"), Origin.DIALOG)
                return _task_answer(reply)
            case "fileConsent/invoke":
                said = await self._guarded(inbound, self._consented)
                if isinstance(said, SayWords):
                    await self._files.say(inbound, said.words)
                return {}
            case _:
                _log.info("invoke.unknown", extra={"invoke": inbound.name[:40]})
                return {}

    async def _consented(self, inbound: Inbound) -> Reply | None:
        """An answer to the card that asks where a file may go: the answer itself shows nothing."""
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return SayWords(await self._refuse(inbound, turn, "consent"))
        consent = consent_of(inbound.value)
        no = refused("other_place") if not self._home(turn) else consent_refused(turn, consent)
        if no and no.code == "not_allowed" and inbound.personal:
            await self._files.take_back(inbound)
        if no or consent is None:
            return SayWords(await self._refuse(inbound, no or refused("malformed"), "consent"))
        return await consented(turn, consent)

    async def _add_to_record(self, inbound: Inbound) -> Reply:
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return SayWords(await self._refuse(inbound, turn, "file.open"))
        if not self._home(turn):
            return SayWords(await self._refuse(inbound, refused("other_place"), "file.open"))
        return await file_open(turn, await self._case_here(inbound))

    async def _pressed(self, inbound: Inbound, data: Any, origin: Origin, verb: str = "") -> Reply:
        async def go(inbound: Inbound) -> Reply:
            turn = await self._turn(inbound)
            if isinstance(turn, Refused):
                return SayWords(await self._refuse(inbound, turn, verb or "press"))
            return await self._press(turn, data, origin, verb)

        reply = await self._guarded(inbound, go)
        return reply or CloseDialog()

    async def _press(self, turn: Turn, data: Any, origin: Origin, verb: str = "") -> Reply:
        try:
            press = read_press(data, origin, verb)
        except BadPress:
            return SayWords(await self._refuse(turn.inbound, refused("malformed"), verb or "press"))
        handler = ROUTES.get(press.verb)
        if handler is None:
            no = refused("unknown_verb")
            return SayWords(await self._refuse(turn.inbound, no, "unknown", press.case_id))
        press = await self._followed(turn, press)
        if wrong := await self._wrong_place(turn, press):
            words = await self._refuse(turn.inbound, wrong, press.verb, press.case_id)
            if wrong.code == "other_thread" and origin is Origin.EXECUTE:
                return await show(turn, press, top=words)
            return SayWords(words)
        return await handler(turn, press)

    async def _followed(self, turn: Turn, press: Press) -> Press:
        """A press about safety on a merged referral goes to the one that goes on."""
        if press.verb not in FOLLOWS_A_MERGE or not press.case_id:
            return press
        merged = (await self._desk.cases.current(press.case_id)).referral.merged_into
        if merged is None:
            return press
        to = await self._desk.between.surviving(press.case_id)
        return replace(press, case_id=to.case_id, followed=True)

    async def _wrong_place(self, turn: Turn, press: Press) -> Refused | None:
        """A press about a referral nobody knows, or from a thread that is not its own."""
        if not self._home(turn):
            return refused("other_place")
        if press.verb in WITHOUT_CASE or press.verb in _BEFORE_A_CASE:
            return None
        if turn.person.role not in WHO_READS.get(press.verb, READERS):
            return refused("not_allowed", event="view")
        case = await self._desk.cases.current(press.case_id) if press.case_id else None
        if case is None or case.referral.version == 0:
            return refused("unknown_case")
        briefing = case.referral.briefing
        here = turn.inbound.conversation_id
        in_channel = here.startswith(self._desk.partnership.desk_channel + ";messageid=")
        if no := await self._may_not(turn, press, case.referral):
            return no
        if press.followed:
            return None
        if briefing and in_channel and here != briefing.conversation_id:
            return refused("other_thread")
        return None

    async def _may_not(self, turn: Turn, press: Press, referral: Referral) -> Refused | None:
        """Refused before anything is drawn: what they may not press, and what is withdrawn."""
        if referral.withdrawn and press.verb not in SHOWS_NOTHING:
            return refused("withdrawn", ref=referral.reference)
        events = MAY.get(press.verb, ())
        if events and not any(actor_allowed(e, referral, turn.person) for e in events):
            return refused("not_allowed", event=events[0], ref=referral.reference)
        if press.verb == "file.save":
            inbound = turn.inbound
            here = await self._case_here(inbound)
            if inbound.name != "composeExtension/submitAction" or here != referral.case_id:
                return refused("not_in_thread")
        return None

    def _home(self, turn: Turn) -> bool:
        """The desk's channel, an Assessment Team's own, or a host person's own chat."""
        p, inbound = self._desk.partnership, turn.inbound
        if inbound.personal:
            return turn.person.tenant == HOST_TENANT
        base = inbound.conversation_id.partition(";messageid=")[0]
        teams = {t.channel for t in p.assessment_teams if t.channel}
        return base == p.desk_channel or base in teams

    async def _guarded(self, inbound: Inbound, work: Any) -> Reply | None:
        return await guarded(work(inbound))

    # Joining ------------------------------------------------------------------------

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if inbound.recipient_id in inbound.members_added:
            await self._welcome(turn_context, inbound)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if self._tenant_known(inbound):
            person = self._person(inbound)
            await self._channel.learn(inbound, person.id if person and inbound.personal else "")

    async def _welcome(self, turn_context: TurnContext, inbound: Inbound) -> None:
        """Once a person's own chat, never in the channel: no mass messages."""
        turn = await self._turn(inbound)
        if isinstance(turn, Refused) or not inbound.personal:
            return
        name = f"greeted-{turn.person.id}"
        if await self._desk.log.address(name):
            return
        await self._desk.log.save_address(name, Address("", inbound.service_url))
        await self._send(turn_context, SayWords(lists.help_text(await turn.view())))


def _card_answer(reply: Reply) -> Json:
    """An Execute's answer: a card, or a sentence. Teams wants 200 and this shape always."""
    match reply:
        case ShowCard(card):
            return {"statusCode": 200, "type": _CARD, "value": card}
        case ShowDialog(_, card):
            return {"statusCode": 200, "type": _CARD, "value": card}
        case SayWords(words):
            return {"statusCode": 200, "type": _MESSAGE, "value": words}
        case CloseDialog():
            return {"statusCode": 200, "type": _MESSAGE, "value": w.ALREADY_LOGGED}


def _task_answer(reply: Reply) -> Json:
    """A dialog's answer: the next dialog, or nothing, which closes it."""
    match reply:
        case ShowDialog(title, card):
            return _dialog(title, card)
        case ShowCard(card):
            return _dialog(w.BOT_NAME, card)
        case SayWords(words):
            return _dialog(w.BOT_NAME, refused_dialog(words))
        case CloseDialog():
            return {}


def _dialog(title: str, card: Json) -> Json:
    return {
        "task": {
            "type": "continue",
            "value": {
                "title": title,
                "width": "medium",
                "height": "large",
                "card": {"contentType": _CARD, "content": card},
            },
        }
    }
