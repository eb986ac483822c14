"""Activities to turns: the handler the SDK calls. Refusals and faults become sentences here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.schema import Activity, Attachment

from bot.desk.desk import Desk
from bot.desk.ports import Address
from bot.desk.signals import note_press, note_refusal, turn_of
from bot.domain.decision import Refused, refused
from bot.domain.partnership import Person
from bot.teams.activities import Inbound, mentions_bot, spoken
from bot.teams.answering import show
from bot.teams.boundary import InTime, Work, guarded
from bot.teams.channel import TeamsChannel
from bot.teams.file_cards import consent_of
from bot.teams.files import TeamsFiles
from bot.teams.held import held_dialog, held_message, keeps_dialog
from bot.teams.not_recorded import NotRecorded
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
from bot.teams.replies import CARD, card_answer, task_answer
from bot.teams.routes import ROUTES
from bot.teams.routes_desk import changed, overheard, spoken as on_spoken
from bot.teams.routes_files import brought, consent_refused, consented, may_not as no_files
from bot.teams.routes_record import file_open
from bot.teams.where import case_here, followed, home, wrong_place
from bot.teams.who import ROLES_UNKNOWN, Who, is_flag
from bot.teams.who_may import SENT, may_not
from cards import lists, wording as w
from cards.refusals import sentence

_log = logging.getLogger("frontdoor.bot")

Json = dict[str, Any]
INBOUND = "frontdoor.inbound"
"""Where the adapter leaves the mapped activity in the turn's state."""

WITHOUT_BUTTON = ("message", "overheard", "changed", "consent", "file.open", "press")
"""What turns are called that no button of a card began; `press` has the data of none."""

ADD_TO_RECORD = "addToRecord"
"""The message action's id in the app's manifest."""


def _verb_of(press: Press | None) -> str:
    """For the log: a verb that is no button's may be anybody's words."""
    return press.verb if press and press.verb in ROUTES else "press"


class FrontDoorBot(ActivityHandler):
    def __init__(self, desk: Desk, who: Who, channel: TeamsChannel, files: TeamsFiles) -> None:
        super().__init__()
        self._desk = desk
        self._who = who
        self._channel = channel
        self._files = files
        self._not_recorded = NotRecorded(desk, files)
        self.in_time = InTime()

    async def _turn(self, inbound: Inbound, *, urgent: bool = False) -> Turn | Refused:
        if not self._who.tenant_known(inbound):
            return refused("wrong_tenant")
        await self._desk.roster.current()
        person = await self._who.person(inbound, urgent=urgent)
        known = person.id if isinstance(person, Person) else ""
        await self._channel.learn(inbound, known)
        if person is None:
            return refused("not_on_list")
        if isinstance(person, Refused):
            return person
        return Turn(self._desk, person, inbound, self._files)

    async def _refuse(self, inbound: Inbound, no: Refused, verb: str, case_id: str = "") -> str:
        """Logged, and said in words. A screen that refreshed by itself is no press to log."""
        sender = inbound.sender
        note_refusal(no.code)
        if verb != "view" or no.code not in ROLES_UNKNOWN:
            await self._desk.service.refuse(
                no,
                verb=verb[:40],
                case_id=case_id,
                tenant_id=sender.channel_tenant_id or sender.conversation_tenant_id,
                object_id=sender.object_id,
            )
        _log.info("turn.refused", extra={"code": no.code, "verb": verb[:40], "case": case_id})
        return sentence(no, await self._desk.renderer.view(None))

    # Messages -----------------------------------------------------------------------

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if not inbound.personal and not mentions_bot(inbound) and not inbound.value:
            if self._desk.partnership.record_thread:
                await self._guarded(inbound, self._overheard, "overheard")
            return
        reply = await self._guarded(inbound, self._message, "message")
        if reply is not None:
            await self._send(turn_context, reply)

    async def _message(self, inbound: Inbound) -> Reply | None:
        if isinstance(inbound.value, dict):
            return await self._press(inbound, inbound.value, Origin.SUBMIT)
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            words = await self._refuse(inbound, turn, "message")
            return held_message(turn, words, await case_here(self._desk, inbound))
        if not home(turn):
            return SayWords(await self._refuse(inbound, refused("other_place"), "message"))
        if inbound.files:
            if inbound.personal or not spoken(inbound):
                return await self._brought(turn)
            await self._files.say(inbound, w.FILES_IN_CHAT)
        return await on_spoken(turn, spoken(inbound), await case_here(self._desk, inbound))

    async def _brought(self, turn: Turn) -> Reply | None:
        """Files a person sent. In a channel they are not taken, whoever sends them."""
        if not turn.inbound.personal:
            return SayWords(w.FILES_IN_CHAT)
        if no := no_files(turn, "import"):
            return SayWords(await self._refuse(turn.inbound, no, "import"))
        return await brought(turn)

    async def _overheard(self, inbound: Inbound) -> None:
        """A reply without a mention, where the partnership lets the thread be recorded: logged
        without an answer, because an answer to every line would drown the talk.
        """
        turn = await self._turn(inbound)
        if isinstance(turn, Refused) or not home(turn) or may_not(SENT["overheard"], turn.person):
            _log.info("thread.not_recorded")
            unknown = isinstance(turn, Refused) and turn.code == "roles_unknown"
            if unknown and await case_here(self._desk, inbound):
                await self._not_recorded.tell(inbound)
            return
        case_id = await case_here(self._desk, inbound)
        words = spoken(inbound)
        if case_id and words:
            await overheard(turn, words, case_id)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        """An edit of a message that is on the record adds a revision."""
        inbound: Inbound = turn_context.turn_state[INBOUND]
        undeleted = inbound.event_type == "undeleteMessage"
        if not inbound.personal and not undeleted:
            await self._guarded(inbound, self._changed, "changed")

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if not inbound.personal:
            await self._guarded(inbound, self._changed, "changed")

    async def _changed(self, inbound: Inbound) -> None:
        turn = await self._turn(inbound)
        if isinstance(turn, Refused) or may_not(SENT["changed"], turn.person):
            return
        case_id = await case_here(self._desk, inbound)
        if case_id:
            words = spoken(inbound) if inbound.kind == "messageUpdate" else None
            await changed(turn, words, case_id)

    async def _send(self, turn_context: TurnContext, reply: Reply) -> None:
        match reply:
            case ShowCard(card) | ShowDialog(_, card):
                attachment = Attachment(content_type=CARD, content=card)
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
                data, verb = action.get("data"), action.get("verb")
                verb = verb if isinstance(verb, str) else ""
                reply = await self._pressed(inbound, data, Origin.EXECUTE, verb)
                return card_answer(reply)
            case "task/fetch" | "task/submit":
                reply = await self._pressed(inbound, value.get("data"), Origin.DIALOG)
                return task_answer(reply)
            case "composeExtension/fetchTask" if value.get("commandId") == ADD_TO_RECORD:
                opened = self._guarded(inbound, self._add_to_record, "file.open")
                filed = await self.in_time.answer(opened)
                return task_answer(filed or CloseDialog())
            case "composeExtension/fetchTask":
                reply = await self._pressed(inbound, {"verb": "intake.open"}, Origin.DIALOG)
                return task_answer(reply)
            case "composeExtension/submitAction":
                reply = await self._pressed(inbound, value.get("data"), Origin.DIALOG)
                return task_answer(reply)
            case "fileConsent/invoke":
                await self.in_time.begin(self._consent(inbound))
                return {}
            case _:
                _log.info("invoke.unknown")
                return {}

    async def _consent(self, inbound: Inbound) -> None:
        said = await self._guarded(inbound, self._consented, "consent")
        if isinstance(said, SayWords):
            await self._files.say(inbound, said.words)

    async def _consented(self, inbound: Inbound) -> Reply | None:
        """An answer to the card that asks where a file may go: the answer itself shows nothing."""
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return SayWords(await self._refuse(inbound, turn, "consent"))
        consent = consent_of(inbound.value)
        no = refused("other_place") if not home(turn) else consent_refused(turn, consent)
        if no and no.code == "not_allowed" and inbound.personal:
            await self._files.take_back(inbound)
        if no or consent is None:
            return SayWords(await self._refuse(inbound, no or refused("malformed"), "consent"))
        return await consented(turn, consent)

    async def _add_to_record(self, inbound: Inbound) -> Reply:
        turn = await self._turn(inbound)
        if isinstance(turn, Refused):
            return SayWords(await self._refuse(inbound, turn, "file.open"))
        no = may_not(SENT["file.open"], turn.person)
        if no or not home(turn):
            no = no or refused("other_place")
            return SayWords(await self._refuse(inbound, no, "file.open"))
        return await file_open(turn, await case_here(self._desk, inbound))

    async def _pressed(self, inbound: Inbound, data: Any, origin: Origin, verb: str = "") -> Reply:
        press = partial(self._press, data=data, origin=origin, verb=verb)
        reply = await self.in_time.answer(self._guarded(inbound, press, "press"))
        return reply or CloseDialog()

    async def _press(self, inbound: Inbound, data: Any, origin: Origin, verb: str = "") -> Reply:
        """What is pressed is read first: a flag must not wait for what other presses wait for."""
        try:
            press = read_press(data, origin, verb)
        except BadPress:
            press = None
        if press:
            note_press(press.verb, press.case_id)
        turn = await self._turn(inbound, urgent=press is not None and is_flag(press))
        if isinstance(turn, Refused):
            return await self._not_taken(inbound, turn, press)
        if press is None:
            return SayWords(await self._refuse(inbound, refused("malformed"), "press"))
        return await self._taken(turn, press)

    async def _not_taken(self, inbound: Inbound, no: Refused, press: Press | None) -> Reply:
        """Where roles could not be asked, a dialog keeps what was typed, to be sent again."""
        if press is None or not keeps_dialog(no, press):
            return SayWords(await self._refuse(inbound, no, _verb_of(press)))
        if press.verb == "close":
            return CloseDialog()
        return held_dialog(no, await self._refuse(inbound, no, _verb_of(press)), press)

    async def _taken(self, turn: Turn, press: Press) -> Reply:
        handler = ROUTES.get(press.verb)
        if handler is None:
            no = refused("unknown_verb")
            return SayWords(await self._refuse(turn.inbound, no, "unknown", press.case_id))
        press = await followed(turn, press)
        if wrong := await wrong_place(turn, press):
            words = await self._refuse(turn.inbound, wrong, press.verb, press.case_id)
            if wrong.code == "other_thread" and press.origin is Origin.EXECUTE:
                return await show(turn, press, top=words)
            return SayWords(words)
        return await handler(turn, press)

    async def _guarded(
        self, inbound: Inbound, work: Callable[[Inbound], Work], verb: str
    ) -> Reply | None:
        with self._desk.outbox.presses_first.pressing(), turn_of(self._desk.signals, verb):
            return await guarded(work(inbound))

    # Joining ------------------------------------------------------------------------

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if inbound.recipient_id in inbound.members_added:
            await self._welcome(turn_context, inbound)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        inbound: Inbound = turn_context.turn_state[INBOUND]
        if self._who.tenant_known(inbound):
            person = await self._who.person(inbound)
            known = person.id if isinstance(person, Person) and inbound.personal else ""
            await self._channel.learn(inbound, known)

    async def _welcome(self, turn_context: TurnContext, inbound: Inbound) -> None:
        """Once a person's own chat, never in the channel: no mass messages."""
        turn = await self._turn(inbound)
        if isinstance(turn, Refused) or not inbound.personal:
            return
        name = f"greeted-{turn.person.id}"
        if await self._desk.log.address(name):
            return
        await self._desk.log.save_address(name, Address("", inbound.service_url))
        await self._send(turn_context, SayWords(lists.help_text(await turn.view(None))))
