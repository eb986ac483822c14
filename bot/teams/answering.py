"""How a press is acted on and answered, whatever it was: shared by the routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.desk.renderer import within_size
from bot.desk.service import Done, Result
from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed, state_allows
from bot.teams import forms
from bot.teams.press import CloseDialog, Origin, Press, Reply, SayWords, ShowCard, ShowDialog, Turn
from cards import desk_cards, wording as w
from cards.context import View, data_of
from cards.kit import Json, with_pass

Handler = Callable[[Turn, Press], Awaitable[Reply]]


class DialogCard(Protocol):
    def __call__(
        self, referral: Referral, view: View, answers: dict[str, str], *, top: str = ""
    ) -> Json: ...


async def referral_of(turn: Turn, press: Press) -> Referral:
    return (await turn.desk.cases.current(press.case_id)).referral


async def log_refusal(turn: Turn, press: Press, no: Refused) -> None:
    words = await turn.say(no) if no.code == "already_claimed" else ""
    await turn.desk.service.refuse(
        no,
        verb=press.verb,
        case_id=press.case_id,
        tenant_id=turn.inbound.sender.channel_tenant_id,
        object_id=turn.inbound.sender.object_id,
        text=words,
    )


async def act(
    turn: Turn, press: Press, command: cmd.Command, passed: tuple[str, ...] = ()
) -> Result:
    result = await turn.desk.service.act(
        press.case_id, command, turn.person, press=turn.key(press), passed=passed
    )
    if isinstance(result, Refused):
        await log_refusal(turn, press, result)
    return result


async def show(turn: Turn, press: Press, *, top: str = "", may_pass: str = "") -> Reply:
    """This person's own view of the card; after a refusal (`top`) with what they typed.

    A client that can only submit gets a sentence: a second card in the thread would go stale.
    """
    referral = await referral_of(turn, press)
    view = await turn.view(referral)
    if press.verb in ("take_it",):
        card = desk_cards.assessment_card(referral, view)
        return ShowCard(card)
    if press.origin is Origin.SUBMIT and not turn.inbound.personal:
        return SayWords(top or w.DONE_ON_CARD)
    typed = press.values if top else {}
    return ShowCard(within_size(referral, view, top=top, answers=typed, may_pass=may_pass))


async def answer(turn: Turn, press: Press, result: Result) -> Reply:
    """After a one-tap press: the card as it now stands, with a sentence where it was refused."""
    if isinstance(result, Refused):
        reply = await show(turn, press, top=await turn.say(result))
    else:
        reply = await show(turn, press)
    if press.origin is Origin.DIALOG:
        return await in_dialog(turn, result)
    return reply


async def in_dialog(turn: Turn, result: Result) -> Reply:
    """From the More dialog: a refusal is said there; otherwise the dialog closes."""
    if isinstance(result, Refused):
        return ShowDialog(w.B_MORE, desk_cards.refused_dialog(await turn.say(result)))
    return CloseDialog()


async def box_words(turn: Turn, press: Press) -> tuple[str, Reply | None, tuple[str, ...]]:
    """The box's words; held back once where they seem to hold an identifier."""
    words = press.get("words", 300)
    p = turn.desk.partnership
    texts = {"words": words, "strategy_why": press.get("strategy_why")}
    problems, kinds = forms.identifiers_in(texts, p.calendar.day_of(turn.desk.clock.now()))
    if problems and not press.passes:
        top = next(iter(problems.values()))
        reply = await show(turn, press, top=top, may_pass=press.verb)
        return words, reply, ()
    return words, None, kinds if press.passes else ()


def opener(event_type: str, title: str, card: DialogCard) -> Handler:
    """Opens a dialog for those the event is for; others are told whose it is."""

    async def open_it(turn: Turn, press: Press) -> Reply:
        referral = await referral_of(turn, press)
        if referral.version == 0:
            no = refused("unknown_case")
        elif not actor_allowed(event_type, referral, turn.person):
            no = refused("not_allowed", event=event_type, ref=referral.reference)
            await log_refusal(turn, press, no)
        elif not state_allows(event_type, referral.state):
            state = str(referral.state)
            no = refused("wrong_state", event=event_type, state=state, ref=referral.reference)
            await log_refusal(turn, press, no)
        else:
            return ShowDialog(title, card(referral, await turn.view(referral), {}))
        return ShowDialog(title, desk_cards.refused_dialog(await turn.say(no)))

    return open_it


async def done(turn: Turn, press: Press, result: Result, title: str, card: DialogCard) -> Reply:
    """Closes the dialog, or shows it again with what was typed and what was wrong."""
    if isinstance(result, Done):
        return CloseDialog()
    referral = await referral_of(turn, press)
    top = await turn.say(result)
    return ShowDialog(title, card(referral, await turn.view(referral), press.values, top=top))


def no_identifiers(turn: Turn, texts: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """A sentence when something should be taken out, and the kinds found."""
    p = turn.desk.partnership
    problems, kinds = forms.identifiers_in(texts, p.calendar.day_of(turn.desk.clock.now()))
    return next(iter(problems.values()), ""), kinds


async def held_back(
    turn: Turn, press: Press, names: tuple[str, ...], title: str, card: DialogCard
) -> tuple[Reply | None, tuple[str, ...]]:
    """The dialog again where its words seem to hold an identifier, until the person says not."""
    found, kinds = no_identifiers(turn, {n: press.get(n) for n in names})
    if not found or press.passes:
        return None, kinds
    referral = await referral_of(turn, press)
    drawn = card(referral, await turn.view(referral), press.values, top=found)
    named = {"for": press.get("for", 20)} if press.get("for", 20) else {}
    data = {**data_of(referral), **named}
    drawn = with_pass(drawn, w.B_NOT_IDENTIFIER, press.verb, data)
    return ShowDialog(title, drawn), ()
