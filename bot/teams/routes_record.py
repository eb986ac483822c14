"""What goes on the record beside the one box: huddle, messages, police, disagreement, history."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.identifiers import find_identifiers, mask
from bot.domain.referral import Referral
from bot.domain.vocabulary import FILED_AS, MOST_OVERHEARD, NOTE_FORMS
from bot.teams import forms
from bot.teams.answering import (
    act,
    done,
    held_back,
    log_refusal,
    no_identifiers,
    opener,
    referral_of,
)
from bot.teams.press import (
    CloseDialog,
    Origin,
    Press,
    Reply,
    SayWords,
    ShowCard,
    ShowDialog,
    Turn,
)
from bot.teams.quoted import Quoted, quoted
from cards import desk_cards, dialogs, filing, history, huddle, notes, wording as w
from cards.context import View
from cards.kit import Json

# The huddle --------------------------------------------------------------------------


async def huddle_save(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    if referral.version == 0:
        card = desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
        return ShowDialog(w.B_HUDDLE, card)
    command = _read_huddle(turn, press, referral)
    if isinstance(command, str):
        return await _huddle_again(turn, press, command)
    found, kinds = no_identifiers(turn, _texts_of(press, command))
    if found and not press.passes:
        return await _huddle_again(turn, press, found, may_pass=True)
    result = await act(turn, press, command, kinds if press.passes else ())
    if isinstance(result, Refused):
        return await _huddle_again(turn, press, await turn.say(result))
    return CloseDialog()


async def _huddle_again(turn: Turn, press: Press, top: str, *, may_pass: bool = False) -> Reply:
    referral = await referral_of(turn, press)
    view = await turn.view(referral)
    card = huddle.huddle_dialog(referral, view, press.values, top=top, may_pass=may_pass)
    return ShowDialog(w.B_HUDDLE, card)


def _read_huddle(turn: Turn, press: Press, referral: Referral) -> cmd.RecordHuddle | str:
    """The command, or the sentence of what is wrong."""
    p = turn.opened(referral)
    today = p.calendar.day_of(turn.desk.clock.now())
    rows = forms.read_huddle_rows(press.values, p)
    if isinstance(rows, str):
        return w.HUDDLE_PROBLEMS[rows]
    chosen = press.get("lead", 40)
    outcome = press.get("outcome", 40)
    if outcome and outcome not in p.outcome:
        return w.REFUSALS["unknown_choice"]
    wants_lead = bool(outcome) and not referral.lead
    lead = chosen or (turn.person.id if wants_lead else "")
    needs = referral.asked.needs
    plan = forms.read_huddle_plan(press.values, p, needs, lead or referral.lead, today)
    if isinstance(plan, str):
        return w.ACTION_PROBLEMS[plan]
    saved = cmd.SavePlan(plan, press.get("next_step", 250), press.get("family_view", 250))
    per_child = tuple(
        (c, press.get(f"child_{c}", 40))
        for c in referral.asked.mosaic_ids
        if press.get(f"child_{c}", 40)
    )
    return cmd.RecordHuddle(
        rows=rows,
        sharing=forms.default_sharing(p, today),
        lead=lead,
        lead_reason=w.HUDDLE_ROOM,
        answers=forms.read_told_family(press.values, referral.asked),
        plan=saved if plan else None,
        outcome=outcome,
        rationale=press.get("rationale", 600),
        per_child=per_child,
        strategy=forms.read_strategy(press.values),
    )


def _texts_of(press: Press, command: cmd.RecordHuddle) -> dict[str, str]:
    texts = {f"said_{r.agency}": r.relevant for r in command.rows}
    planned = command.plan.actions if command.plan else ()
    texts |= {f"action {n}": a.action for n, a in enumerate(planned, 1)}
    names = ("rationale", "family_view", "next_step", "strategy_why", "told_family_reason")
    return {**texts, **{n: press.get(n) for n in names}}


# Messages ----------------------------------------------------------------------------


async def file_open(turn: Turn, case_id: str) -> Reply:
    """'Add to record' on a message: its words, and one tap for what it is."""
    message = quoted(turn.inbound)
    if message is None or not case_id:
        return SayWords(await turn.say(refused("not_in_thread")))
    referral = (await turn.desk.cases.current(case_id)).referral
    text, left_out = _kept(turn, message)
    if not text:
        return SayWords(await turn.say(refused("nothing_to_file")))
    press = Press("file.open", case_id, referral.version, {}, Origin.DIALOG)

    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        author = _author_name(turn, message)
        at = view.when(_said_at(turn, message))
        shown = {"message": message.id, "text": text}
        return filing.file_dialog(referral, view, shown, author, at, masked=left_out)

    return await opener("message.filed", w.B_ADD_TO_RECORD, card)(turn, press)


def _kept(turn: Turn, message: Quoted) -> tuple[str, str]:
    """The words as they will be logged, and a sentence about what is left out of them."""
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    text = message.text[:MOST_OVERHEARD]
    found = find_identifiers(text, day)
    what = w.join(list(dict.fromkeys(w.IDENTIFIERS[i.kind] for i in found)))
    return mask(text, day), w.FILE_MASKED.format(what=what) if found else ""


def _author_name(turn: Turn, message: Quoted) -> str:
    person = turn.desk.partnership.person_of_object(message.author_object_id)
    return person.name if person else message.author_name or w.SOMEONE_ELSE


def _said_at(turn: Turn, message: Quoted) -> dt.datetime:
    return message.at or turn.desk.clock.now()


async def file_save(turn: Turn, press: Press) -> Reply:
    """The words come again from Teams with the tap, never from the card."""
    message = quoted(turn.inbound)
    kind = press.get("as", 20)
    if message is None or message.id != press.get("message", 100) or kind not in FILED_AS:
        return SayWords(await turn.say(refused("malformed")))
    text, _ = _kept(turn, message)
    person = turn.desk.partnership.person_of_object(message.author_object_id)
    command = cmd.FileMessage(
        kind,
        text,
        person.id if person else "",
        "" if person else _author_name(turn, message),
        message.id,
        _said_at(turn, message),
        message.link,
    )
    result = await act(turn, press, command)
    if isinstance(result, Refused):
        card = desk_cards.refused_dialog(await turn.say(result))
        return ShowDialog(w.B_ADD_TO_RECORD, card)
    return CloseDialog()


# Police and disagreement -------------------------------------------------------------


async def police_save(turn: Turn, press: Press) -> Reply:
    p, now = turn.desk.partnership, turn.desk.clock.now()
    names = ("rang_by_name",)
    held, kinds = await held_back(turn, press, names, w.B_POLICE, dialogs.police_dialog)
    if held:
        return held
    at = forms.read_clock_time(press.get("rang_at", 8), p, now)
    if at is None:
        referral = await referral_of(turn, press)
        top = w.PROBLEMS["time"]
        card = dialogs.police_dialog(referral, await turn.view(referral), press.values, top=top)
        return ShowDialog(w.B_POLICE, card)
    command = cmd.RecordPoliceContact(press.get("rang_by", 40), press.get("rang_by_name", 60), at)
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_POLICE, dialogs.police_dialog)


async def disagree_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("text",), w.B_DISAGREE, dialogs.disagree_dialog)
    if held:
        return held
    result = await act(turn, press, cmd.RecordDisagreement(press.get("text", 300)), kinds)
    return await done(turn, press, result, w.B_DISAGREE, dialogs.disagree_dialog)


# History and notes -------------------------------------------------------------------


async def _history(turn: Turn, press: Press, key: str) -> Reply:
    """`key` tells a look that arrived twice from a second look."""
    result = await turn.desk.service.act(press.case_id, cmd.ViewHistory(), turn.person, press=key)
    if isinstance(result, Refused):
        await log_refusal(turn, press, result)
        return SayWords(await turn.say(result))
    stream = await turn.desk.log.load(press.case_id)
    view = await turn.view(result.referral)
    recorded = [r for c in stream.commits for r in c.recorded]
    return ShowCard(history.history_card(result.referral, recorded, view))


async def history_open(turn: Turn, press: Press) -> Reply:
    """Each look is logged before it is shown."""
    reply = await _history(turn, press, turn.key(press))
    if isinstance(reply, ShowCard):
        return ShowDialog(w.B_HISTORY, reply.card)
    assert isinstance(reply, SayWords)
    return ShowDialog(w.B_HISTORY, desk_cards.refused_dialog(reply.words))


async def history_asked(turn: Turn, reference: str) -> Reply:
    """Typed in a chat: the way in for those who do not see the thread."""
    case_id = await turn.desk.log.case_of_reference(reference)
    if not case_id:
        return SayWords(await turn.say(refused("no_such_referral", ref=reference)))
    press = Press("history.open", case_id, 0, {}, Origin.DIALOG)
    return await _history(turn, press, f"history-{turn.inbound.activity_id}")


async def notes_open(turn: Turn, press: Press) -> Reply:
    return await _notes(turn, press, "text")


async def notes_json(turn: Turn, press: Press) -> Reply:
    return await _notes(turn, press, "json")


async def _notes(turn: Turn, press: Press, form: str) -> Reply:
    """Each copy of a note is logged before it is shown."""
    assert form in NOTE_FORMS
    result = await turn.desk.service.act(
        press.case_id, cmd.OpenNotes(form), turn.person, press=turn.key(press)
    )
    if isinstance(result, Refused):
        await log_refusal(turn, press, result)
        return ShowDialog(w.B_NOTES, desk_cards.refused_dialog(await turn.say(result)))
    view = await turn.view(result.referral)
    if form == "text":
        return ShowDialog(w.B_NOTES, notes.notes_dialog(result.referral, view, {}))
    wanted = press.get("child", 2)
    n = int(wanted) if wanted.isdecimal() else 0
    n = min(n, len(result.referral.asked.children) - 1)
    return ShowDialog(w.B_NOTES, notes.notes_json_dialog(result.referral, view, n))
