"""Presses while a referral is talked about: one tap answers with the card, a dialog ends."""

from __future__ import annotations

from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.identifiers import mask
from bot.domain.referral import Referral
from bot.domain.vocabulary import (
    KNOWN_NEEDS_SHARING,
    LIMIT_LINE,
    LIMIT_RELEVANT,
)
from bot.teams import forms
from bot.teams.answering import (
    act,
    answer,
    box_words,
    done,
    held_back,
    no_identifiers,
    opener,
    referral_of,
    show,
)
from bot.teams.press import Origin, Press, Reply, ShowCard, ShowDialog, Turn
from cards import desk_cards, dialogs, more, wording as w
from cards.briefing import everything_card
from cards.context import View
from cards.kit import Json


async def view_card(turn: Turn, press: Press) -> Reply:
    return await show(turn, press)


async def claim(turn: Turn, press: Press) -> Reply:
    note, held, kinds = await box_words(turn, press)
    if held:
        return held
    return await answer(turn, press, await act(turn, press, cmd.ClaimLead(note), kinds))


async def add(turn: Turn, press: Press) -> Reply:
    words, held, kinds = await box_words(turn, press)
    if held:
        return held
    if not words:
        return await show(turn, press, top=w.SAY_SOMETHING)
    p = turn.opened(await referral_of(turn, press))
    today = p.calendar.day_of(turn.desk.clock.now())
    command = cmd.AddContribution(
        turn.person.agency, "known", words, sharing=forms.default_sharing(p, today)
    )
    return await answer(turn, press, await act(turn, press, command, kinds))


async def not_known(turn: Turn, press: Press) -> Reply:
    words, held, kinds = await box_words(turn, press)
    if held:
        return held
    command = cmd.AddContribution(turn.person.agency, "not_known", words)
    result = await act(turn, press, command, kinds)
    if isinstance(result, Refused) and result.code == "told_needed":
        referral = await referral_of(turn, press)
        dialog = press.origin is Origin.DIALOG
        card = dialogs.told_how_card(
            referral, await turn.view(referral), words, dialog=dialog, passed=press.passes
        )
        return ShowDialog(w.B_NOT_KNOWN, card) if dialog else ShowCard(card)
    return await answer(turn, press, result)


async def told_how(turn: Turn, press: Press) -> Reply:
    _, held, kinds = await box_words(turn, press)
    if held:
        return held
    how = press.get("how")
    known = "not_checked" if how == "cannot" else "not_known"
    told = how if how in ("room", "phone") else ""
    command = cmd.AddContribution(turn.person.agency, known, press.get("words", 300), told=told)
    return await answer(turn, press, await act(turn, press, command, kinds))


async def flag(turn: Turn, press: Press) -> Reply:
    p = turn.desk.partnership
    note = press.get("note", 150) or press.get("words", 150)
    note = mask(note, p.calendar.day_of(turn.desk.clock.now()))
    result = await act(turn, press, cmd.FlagImmediate(note))
    if press.origin is Origin.DIALOG and not isinstance(result, Refused):
        view = await turn.view(result.referral)
        return ShowDialog(w.B_FLAG, dialogs.flagged_dialog(result.referral, view))
    return await answer(turn, press, result)


async def rung(turn: Turn, press: Press) -> Reply:
    return await answer(turn, press, await act(turn, press, cmd.NotifyAssessment()))


async def take_it(turn: Turn, press: Press) -> Reply:
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    note = mask(press.get("note", 150), day)
    command = cmd.AcknowledgeAssessment(turn.person.name, note)
    result = await act(turn, press, command)
    if isinstance(result, Refused):
        return ShowCard(desk_cards.sentence_card(await turn.say(result)))
    return await show(turn, press)


async def ask_identity(turn: Turn, press: Press) -> Reply:
    return await answer(turn, press, await act(turn, press, cmd.AskIdentity()))


async def told(turn: Turn, press: Press) -> Reply:
    person = press.get("person", 40)
    result = await act(turn, press, cmd.TellIdentity(person))
    referral = await referral_of(turn, press)
    b = referral.briefing
    if b and turn.inbound.reply_to_id not in ("", b.activity_id):
        if isinstance(result, Refused):
            return ShowCard(desk_cards.sentence_card(await turn.say(result)))
        return ShowCard(desk_cards.identity_card(referral, await turn.view(referral), person, None))
    return await answer(turn, press, result)


async def agree(turn: Turn, press: Press) -> Reply:
    note, held, kinds = await box_words(turn, press)
    if held:
        return held
    command = cmd.EndorseOutcome(note, forms.read_strategy(press.values))
    return await answer(turn, press, await act(turn, press, command, kinds))


async def undo(turn: Turn, press: Press) -> Reply:
    why, held, kinds = await box_words(turn, press)
    if held:
        return held
    return await answer(turn, press, await act(turn, press, cmd.UndoOutcome(why), kinds))


async def more_open(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    if referral.version == 0:
        card = desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
    else:
        card = more.more_dialog(referral, await turn.view(referral))
    return ShowDialog(w.MORE_HEAD.format(ref=referral.reference), card)


async def show_all(turn: Turn, press: Press) -> Reply:
    """Older detail of a briefing that has outgrown its card, in any state."""
    referral = await referral_of(turn, press)
    return ShowDialog(w.B_SHOW_ALL, everything_card(referral, await turn.view(referral)))


def _source(turn: Turn, press: Press) -> str:
    """Another agency's words come from the room; 'no rep today' may come from anywhere."""
    absent = press.get("known") == "no_rep_today"
    others = press.get("agency") not in ("", turn.person.agency) and not absent
    return "room" if others or press.get("room") == "true" else "thread"


async def contribute_save(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    p = turn.opened(referral)
    today = p.calendar.day_of(turn.desk.clock.now())
    agency, known = press.get("agency") or turn.person.agency, press.get("known")
    texts = {"relevant": press.get("relevant", LIMIT_RELEVANT)}
    texts |= {k: press.get(k, LIMIT_LINE) for k in ("strengths", "worries", "suggests")}
    own = agency == turn.person.agency
    found, kinds = no_identifiers(turn, {**texts, "share_why": press.get("share_why")})
    if found and not press.passes:
        view = await turn.view(referral)
        card = dialogs.contribute_dialog(referral, view, press.values, top=found, may_pass=True)
        return ShowDialog(w.FULL_HEAD, card)
    sharing = forms.read_sharing(press.values, p, today) if known in KNOWN_NEEDS_SHARING else None
    command = cmd.AddContribution(
        agency,
        known,
        texts["relevant"],
        texts["strengths"],
        texts["worries"],
        texts["suggests"],
        source=_source(turn, press),
        told=press.get("told") if press.get("told") in ("room", "phone") else "",
        sharing=sharing,
        corrects=own and press.get("corrects") == "true",
    )
    result = await act(turn, press, command, kinds if press.passes else ())
    return await done(turn, press, result, w.FULL_HEAD, dialogs.contribute_dialog)


async def confirm_line(turn: Turn, press: Press) -> Reply:
    command = cmd.ConfirmContribution(turn.person.agency)
    return await answer(turn, press, await act(turn, press, command))


async def correct_line(turn: Turn, press: Press) -> Reply:
    """The agency's own dialog, with what others logged for it to put right."""
    return await opener("contribution.confirmed", w.FULL_HEAD, _correct_card)(turn, press)


def _correct_card(
    referral: Referral, view: View, answers: dict[str, str], *, top: str = ""
) -> Json:
    agency = view.viewer.agency if view.viewer else ""
    logged = referral.unconfirmed_of(agency)
    known = {}
    if logged:
        said = logged[-1].said
        names = ("known", "relevant", "strengths", "worries", "suggests")
        known = {name: getattr(said, name) for name in names}
        if said.sharing:
            known |= {"sharing": said.sharing.decision, "basis": said.sharing.basis}
            known["share_why"] = said.sharing.reason
    values = {"corrects": "true", **known, **answers}
    return dialogs.contribute_dialog(referral, view, values, top=top)


async def offer_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_OFFER_LEAD, dialogs.offer_dialog)
    if held:
        return held
    command = cmd.OfferLead(press.get("lead", 40), press.get("reason", 150))
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_OFFER_LEAD, dialogs.offer_dialog)


async def accept_lead(turn: Turn, press: Press) -> Reply:
    return await answer(turn, press, await act(turn, press, cmd.AcceptLead()))


async def taken(turn: Turn, press: Press) -> Reply:
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    note = mask(press.get("note", 150), day)
    command = cmd.AcknowledgeAssessment(mask(press.get("taken_by", 60), day), note)
    result = await act(turn, press, command)
    return await done(turn, press, result, w.B_TAKEN, dialogs.taken_dialog)


async def strategy_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(
        turn, press, ("strategy_why",), w.B_STRATEGY, dialogs.strategy_dialog
    )
    if held:
        return held
    command = forms.read_strategy(press.values) or cmd.ConsiderStrategy(False, "")
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_STRATEGY, dialogs.strategy_dialog)


async def held_save(turn: Turn, press: Press) -> Reply:
    p = turn.opened(await referral_of(turn, press))
    held, kinds = await held_back(turn, press, ("also", "where"), w.B_HELD, dialogs.held_dialog)
    if held:
        return held
    attended = tuple(a for a in press.get("attended").split(",") if p.agency.find(a))
    command = cmd.RecordStrategyHeld(attended, press.get("also", 150), press.get("where", 60))
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_HELD, dialogs.held_dialog)


async def assign_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_ASSIGN, dialogs.assign_dialog)
    if held:
        return held
    command = cmd.AssignLead(press.get("lead", 40), press.get("reason", 150))
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_ASSIGN, dialogs.assign_dialog)


async def hand_over_save(turn: Turn, press: Press) -> Reply:
    names = ("accepted_by", "reason")
    held, kinds = await held_back(turn, press, names, w.B_HAND_OVER, dialogs.hand_over_dialog)
    if held:
        return held
    command = cmd.HandOverReferral(
        press.get("to", 40), press.get("accepted_by", 60), press.get("reason", 150)
    )
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_HAND_OVER, dialogs.hand_over_dialog)


async def stand_down_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(
        turn, press, ("reason",), w.B_STAND_DOWN, dialogs.stand_down_dialog
    )
    if held:
        return held
    result = await act(turn, press, cmd.StandDownImmediate(press.get("reason", 150)), kinds)
    return await done(turn, press, result, w.B_STAND_DOWN, dialogs.stand_down_dialog)
