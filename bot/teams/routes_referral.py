"""Presses on a referral: one tap answers with the redrawn card, a dialog with itself or its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.desk.renderer import within_size
from bot.desk.service import Done, Result
from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.identifiers import mask
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed, state_allows
from bot.domain.vocabulary import (
    CONTACT_METHODS,
    KNOWN_NEEDS_SHARING,
    LIMIT_LINE,
    LIMIT_RELEVANT,
)
from bot.teams import forms
from bot.teams.press import CloseDialog, Origin, Press, Reply, ShowCard, ShowDialog, Turn
from cards import desk_cards, dialogs, ending, outcome
from cards import wording as w
from cards.briefing import everything_card
from cards.context import View, data_of
from cards.kit import Json, with_pass

Handler = Callable[[Turn, Press], Awaitable[Reply]]


class DialogCard(Protocol):
    def __call__(
        self, referral: Referral, view: View, answers: dict[str, str], *, top: str = ""
    ) -> Json: ...


async def referral_of(turn: Turn, press: Press) -> Referral:
    return (await turn.desk.cases.current(press.case_id)).referral


async def _log_refusal(turn: Turn, press: Press, no: Refused) -> None:
    words = await turn.say(no) if no.code == "already_claimed" else ""
    await turn.desk.service.refuse(
        no,
        verb=press.verb,
        case_id=press.case_id,
        tenant_id=turn.inbound.sender.channel_tenant_id,
        object_id=turn.inbound.sender.object_id,
        text=words,
    )


async def _act(
    turn: Turn, press: Press, command: cmd.Command, passed: tuple[str, ...] = ()
) -> Result:
    result = await turn.desk.service.act(
        press.case_id, command, turn.person, press=turn.key(press), passed=passed
    )
    if isinstance(result, Refused):
        await _log_refusal(turn, press, result)
    return result


async def show(turn: Turn, press: Press, *, top: str = "", may_pass: str = "") -> Reply:
    """This person's own view of the card; after a refusal (`top`) with what they typed."""
    referral = await referral_of(turn, press)
    view = await turn.view()
    if press.verb in ("take_it",):
        card = desk_cards.assessment_card(referral, view)
        return ShowCard(card)
    typed = press.values if top else {}
    return ShowCard(within_size(referral, view, top=top, answers=typed, may_pass=may_pass))


async def _answer(turn: Turn, press: Press, result: Result) -> Reply:
    """After a one-tap press: the card as it now stands, with a sentence where it was refused."""
    if isinstance(result, Refused):
        reply = await show(turn, press, top=await turn.say(result))
    else:
        reply = await show(turn, press)
    if press.origin is Origin.DIALOG:
        return await _in_dialog(turn, result)
    return reply


async def _in_dialog(turn: Turn, result: Result) -> Reply:
    """From the More dialog: a refusal is said there; otherwise the dialog closes."""
    if isinstance(result, Refused):
        return ShowDialog(w.B_MORE, desk_cards.refused_dialog(await turn.say(result)))
    return CloseDialog()


# One tap ----------------------------------------------------------------------------


async def view_card(turn: Turn, press: Press) -> Reply:
    return await show(turn, press)


async def claim(turn: Turn, press: Press) -> Reply:
    note, held, kinds = await _words(turn, press)
    if held:
        return held
    return await _answer(turn, press, await _act(turn, press, cmd.ClaimLead(note), kinds))


async def _words(turn: Turn, press: Press) -> tuple[str, Reply | None, tuple[str, ...]]:
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


async def add(turn: Turn, press: Press) -> Reply:
    words, held, kinds = await _words(turn, press)
    if held:
        return held
    if not words:
        return await show(turn, press, top=w.SAY_SOMETHING)
    p = turn.desk.partnership
    today = p.calendar.day_of(turn.desk.clock.now())
    command = cmd.AddContribution(
        turn.person.agency, "known", words, sharing=forms.default_sharing(p, today)
    )
    return await _answer(turn, press, await _act(turn, press, command, kinds))


async def not_known(turn: Turn, press: Press) -> Reply:
    words, held, kinds = await _words(turn, press)
    if held:
        return held
    command = cmd.AddContribution(turn.person.agency, "not_known", words)
    result = await _act(turn, press, command, kinds)
    if isinstance(result, Refused) and result.code == "told_needed":
        referral = await referral_of(turn, press)
        dialog = press.origin is Origin.DIALOG
        card = dialogs.told_how_card(
            referral, await turn.view(), words, dialog=dialog, passed=press.passes
        )
        return ShowDialog(w.B_NOT_KNOWN, card) if dialog else ShowCard(card)
    return await _answer(turn, press, result)


async def told_how(turn: Turn, press: Press) -> Reply:
    _, held, kinds = await _words(turn, press)
    if held:
        return held
    how = press.get("how")
    known = "not_checked" if how == "cannot" else "not_known"
    told = how if how in ("room", "phone") else ""
    command = cmd.AddContribution(turn.person.agency, known, press.get("words", 300), told=told)
    return await _answer(turn, press, await _act(turn, press, command, kinds))


async def flag(turn: Turn, press: Press) -> Reply:
    p = turn.desk.partnership
    note = press.get("note", 150) or press.get("words", 150)
    note = mask(note, p.calendar.day_of(turn.desk.clock.now()))
    result = await _act(turn, press, cmd.FlagImmediate(note))
    if press.origin is Origin.DIALOG and not isinstance(result, Refused):
        view = await turn.view()
        return ShowDialog(w.B_FLAG, dialogs.flagged_dialog(result.referral, view))
    return await _answer(turn, press, result)


async def rung(turn: Turn, press: Press) -> Reply:
    return await _answer(turn, press, await _act(turn, press, cmd.NotifyAssessment()))


async def take_it(turn: Turn, press: Press) -> Reply:
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    note = mask(press.get("note", 150), day)
    command = cmd.AcknowledgeAssessment(turn.person.name, note)
    result = await _act(turn, press, command)
    if isinstance(result, Refused):
        return ShowCard(desk_cards.sentence_card(await turn.say(result)))
    return await show(turn, press)


async def ask_identity(turn: Turn, press: Press) -> Reply:
    return await _answer(turn, press, await _act(turn, press, cmd.AskIdentity()))


async def told(turn: Turn, press: Press) -> Reply:
    person = press.get("person", 40)
    result = await _act(turn, press, cmd.TellIdentity(person))
    referral = await referral_of(turn, press)
    b = referral.briefing
    if b and turn.inbound.reply_to_id not in ("", b.activity_id):
        if isinstance(result, Refused):
            return ShowCard(desk_cards.sentence_card(await turn.say(result)))
        return ShowCard(desk_cards.identity_card(referral, await turn.view(), person, None))
    return await _answer(turn, press, result)


async def agree(turn: Turn, press: Press) -> Reply:
    note, held, kinds = await _words(turn, press)
    if held:
        return held
    command = cmd.EndorseOutcome(note, forms.read_strategy(press.values))
    return await _answer(turn, press, await _act(turn, press, command, kinds))


async def undo(turn: Turn, press: Press) -> Reply:
    return await _answer(turn, press, await _act(turn, press, cmd.UndoOutcome()))


# Dialogs ----------------------------------------------------------------------------


def opener(event_type: str, title: str, card: DialogCard) -> Handler:
    """Opens a dialog for those the event is for; others are told whose it is."""

    async def open_it(turn: Turn, press: Press) -> Reply:
        referral = await referral_of(turn, press)
        if referral.version == 0:
            no = refused("unknown_case")
        elif not actor_allowed(event_type, referral, turn.person):
            no = refused("not_allowed", event=event_type, ref=referral.reference)
            await _log_refusal(turn, press, no)
        elif not state_allows(event_type, referral.state):
            state = str(referral.state)
            no = refused("wrong_state", event=event_type, state=state, ref=referral.reference)
            await _log_refusal(turn, press, no)
        else:
            return ShowDialog(title, card(referral, await turn.view(), {}))
        return ShowDialog(title, desk_cards.refused_dialog(await turn.say(no)))

    return open_it


async def _done(turn: Turn, press: Press, result: Result, title: str, card: DialogCard) -> Reply:
    """Closes the dialog, or shows it again with what was typed and what was wrong."""
    if isinstance(result, Done):
        return CloseDialog()
    referral = await referral_of(turn, press)
    top = await turn.say(result)
    return ShowDialog(title, card(referral, await turn.view(), press.values, top=top))


async def more_open(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    if referral.version == 0:
        card = desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
    else:
        card = dialogs.more_dialog(referral, await turn.view())
    return ShowDialog(w.MORE_HEAD.format(ref=referral.reference), card)


async def show_all(turn: Turn, press: Press) -> Reply:
    """Older detail of a briefing that has outgrown its card, in any state."""
    referral = await referral_of(turn, press)
    return ShowDialog(w.B_SHOW_ALL, everything_card(referral, await turn.view()))


def _no_identifiers(turn: Turn, texts: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """A sentence when something should be taken out, and the kinds found."""
    p = turn.desk.partnership
    problems, kinds = forms.identifiers_in(texts, p.calendar.day_of(turn.desk.clock.now()))
    return next(iter(problems.values()), ""), kinds


async def _held(
    turn: Turn, press: Press, names: tuple[str, ...], title: str, card: DialogCard
) -> tuple[Reply | None, tuple[str, ...]]:
    """The dialog again where its words seem to hold an identifier, until the person says not."""
    found, kinds = _no_identifiers(turn, {n: press.get(n) for n in names})
    if not found or press.passes:
        return None, kinds
    referral = await referral_of(turn, press)
    drawn = card(referral, await turn.view(), press.values, top=found)
    drawn = with_pass(drawn, w.B_NOT_IDENTIFIER, press.verb, data_of(referral))
    return ShowDialog(title, drawn), ()


async def contribute_save(turn: Turn, press: Press) -> Reply:
    p = turn.desk.partnership
    today = p.calendar.day_of(turn.desk.clock.now())
    agency, known = press.get("agency"), press.get("known")
    texts = {"relevant": press.get("relevant", LIMIT_RELEVANT)}
    texts |= {k: press.get(k, LIMIT_LINE) for k in ("strengths", "worries", "suggests")}
    found, kinds = _no_identifiers(turn, {**texts, "share_why": press.get("share_why")})
    referral = await referral_of(turn, press)
    if found and not press.passes:
        view = await turn.view()
        card = dialogs.contribute_dialog(referral, view, press.values, top=found, may_pass=True)
        return ShowDialog(w.FULL_HEAD, card)
    sharing = forms.read_sharing(press.values, p, today) if known in KNOWN_NEEDS_SHARING else None
    command = cmd.AddContribution(
        agency,
        known,
        **texts,
        source="room" if agency != turn.person.agency or press.get("room") == "true" else "thread",
        told=press.get("told") if press.get("told") in ("room", "phone") else "",
        sharing=sharing,
    )
    result = await _act(turn, press, command, kinds if press.passes else ())
    return await _done(turn, press, result, w.FULL_HEAD, dialogs.contribute_dialog)


async def taken(turn: Turn, press: Press) -> Reply:
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    note = mask(press.get("note", 150), day)
    command = cmd.AcknowledgeAssessment(mask(press.get("taken_by", 60), day), note)
    result = await _act(turn, press, command)
    return await _done(turn, press, result, w.B_TAKEN, dialogs.taken_dialog)


async def strategy_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await _held(turn, press, ("strategy_why",), w.B_STRATEGY, dialogs.strategy_dialog)
    if held:
        return held
    command = forms.read_strategy(press.values) or cmd.ConsiderStrategy(False, "")
    result = await _act(turn, press, command, kinds)
    return await _done(turn, press, result, w.B_STRATEGY, dialogs.strategy_dialog)


async def held_save(turn: Turn, press: Press) -> Reply:
    p = turn.desk.partnership
    held, kinds = await _held(turn, press, ("also", "where"), w.B_HELD, dialogs.held_dialog)
    if held:
        return held
    attended = tuple(a for a in press.get("attended").split(",") if a in p.agency)
    command = cmd.RecordStrategyHeld(attended, press.get("also", 150), press.get("where", 60))
    result = await _act(turn, press, command, kinds)
    return await _done(turn, press, result, w.B_HELD, dialogs.held_dialog)


async def assign_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await _held(turn, press, ("reason",), w.B_ASSIGN, dialogs.assign_dialog)
    if held:
        return held
    command = cmd.AssignLead(press.get("lead", 40), press.get("reason", 150))
    result = await _act(turn, press, command, kinds)
    return await _done(turn, press, result, w.B_ASSIGN, dialogs.assign_dialog)


async def hand_over_save(turn: Turn, press: Press) -> Reply:
    names = ("accepted_by", "reason")
    held, kinds = await _held(turn, press, names, w.B_HAND_OVER, dialogs.hand_over_dialog)
    if held:
        return held
    command = cmd.HandOverReferral(
        press.get("to", 40), press.get("accepted_by", 60), press.get("reason", 150)
    )
    result = await _act(turn, press, command, kinds)
    return await _done(turn, press, result, w.B_HAND_OVER, dialogs.hand_over_dialog)


async def stand_down_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await _held(turn, press, ("reason",), w.B_STAND_DOWN, dialogs.stand_down_dialog)
    if held:
        return held
    result = await _act(turn, press, cmd.StandDownImmediate(press.get("reason", 150)), kinds)
    return await _done(turn, press, result, w.B_STAND_DOWN, dialogs.stand_down_dialog)


async def cannot_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await _held(turn, press, ("reason",), w.B_CANNOT, dialogs.cannot_dialog)
    if held:
        return held
    result = await _act(turn, press, cmd.FeedbackCannotBeGiven(press.get("reason", 150)), kinds)
    return await _done(turn, press, result, w.B_CANNOT, dialogs.cannot_dialog)


# Plan and outcome -------------------------------------------------------------------


def _outcome_card(
    referral: Referral, view: View, answers: dict[str, str], *, top: str = ""
) -> Json:
    known = {**outcome.plan_answers(referral, view), **answers}
    return outcome.outcome_dialog(referral, view, known, top=top)


async def outcome_open(turn: Turn, press: Press) -> Reply:
    """For whoever may plan or pick; the dialog shows each their part."""
    referral = await referral_of(turn, press)
    plans = actor_allowed("plan.saved", referral, turn.person)
    event = "plan.saved" if plans else "outcome.proposed"
    return await opener(event, w.B_PLAN, _outcome_card)(turn, press)


async def _outcome_again(turn: Turn, press: Press, top: str, *, may_pass: bool = False) -> Reply:
    """`may_pass` offers the same press again, this time past the identifier check."""
    referral = await referral_of(turn, press)
    view = await turn.view()
    held = press.verb if may_pass else ""
    card = outcome.outcome_dialog(referral, view, press.values, top=top, may_pass=held)
    return ShowDialog(w.B_PLAN, card)


async def _save_plan(turn: Turn, press: Press, *, required: bool) -> Reply | None:
    """None when the plan is saved (or, where not required, when no row is filled)."""
    referral = await referral_of(turn, press)
    p = turn.desk.partnership
    if not actor_allowed("plan.saved", referral, turn.person) and not required:
        return None
    plan = forms.read_plan(press.values, p, referral.asked.needs)
    if isinstance(plan, str):
        return await _outcome_again(turn, press, w.ACTION_PROBLEMS[plan])
    if not plan and not required:
        return None
    texts = {
        **{f"action {n}": f"{a.action} {a.owner_name}" for n, a in enumerate(plan, 1)},
        "family_view": press.get("family_view"),
        "next_step": press.get("next_step"),
        "rationale": press.get("rationale"),
    }
    found, kinds = _no_identifiers(turn, texts)
    if found and not press.passes:
        return await _outcome_again(turn, press, found, may_pass=True)
    command = cmd.SavePlan(plan, press.get("next_step", 250), press.get("family_view", 250))
    result = await turn.desk.service.act(
        press.case_id,
        command,
        turn.person,
        press=turn.key(press) + "plan",
        passed=kinds if press.passes else (),
    )
    if isinstance(result, Refused):
        await _log_refusal(turn, press, result)
        return await _outcome_again(turn, press, await turn.say(result))
    return None


async def outcome_plan(turn: Turn, press: Press) -> Reply:
    return await _save_plan(turn, press, required=True) or CloseDialog()


async def outcome_pick(turn: Turn, press: Press) -> Reply:
    if unsaved := await _save_plan(turn, press, required=False):
        return unsaved
    code = press.get("outcome", 40)
    if code not in turn.desk.partnership.outcome:
        return await _outcome_again(turn, press, w.REFUSALS["unknown_choice"])
    rationale = press.get("rationale", 600)
    texts = {"rationale": rationale, "strategy_why": press.get("strategy_why")}
    found, kinds = _no_identifiers(turn, texts)
    if found and not press.passes:
        return await _outcome_again(turn, press, found, may_pass=True)
    referral = await referral_of(turn, press)
    per_child = tuple(
        (c, press.get(f"child_{c}", 40))
        for c in referral.asked.mosaic_ids
        if press.get(f"child_{c}", 40)
    )
    command = cmd.ProposeOutcome(code, rationale, per_child, forms.read_strategy(press.values))
    result = await _act(turn, press, command, kinds if press.passes else ())
    if isinstance(result, Refused):
        return await _outcome_again(turn, press, await turn.say(result))
    return CloseDialog()


# Feedback and notes -----------------------------------------------------------------


async def _contact_answers(turn: Turn, press: Press) -> Refused | None:
    """Saves how and when to call back, where the feedback dialog had to ask."""
    contact, safe = press.get("contact_method"), press.get("safe_contact")
    if contact not in CONTACT_METHODS or not safe:
        return None
    answers = {
        "contact_method": contact,
        "safe_contact": safe,
        "safe_contact_times": press.get("safe_contact_times", 60),
    }
    result = await turn.desk.service.act(
        press.case_id, cmd.AmendIntake(answers), turn.person, press=turn.key(press) + "contact"
    )
    return result if isinstance(result, Refused) else None


async def _warned(turn: Turn, press: Press) -> Reply | None:
    """Feedback only warns: the same press again sends it as it is."""
    p, text = turn.desk.partnership, press.get("text", 2000)
    for our_own in (p.mash_phone, p.out_of_hours_phone, p.adult_mash_phone, p.lado_phone):
        text = text.replace(our_own, "")
    found, _ = _no_identifiers(turn, {"text": text})
    if not found or press.passes:
        return None
    referral = await referral_of(turn, press)
    drawn = ending.feedback_dialog(referral, await turn.view(), press.values, top=w.FEEDBACK_WARN)
    title = w.B_SENT_ANYWAY if press.verb == "feedback.sent" else w.B_ASK_MASHO
    return ShowDialog(w.B_FEEDBACK, with_pass(drawn, title, press.verb, data_of(referral)))


async def feedback_sent(turn: Turn, press: Press) -> Reply:
    if warning := await _warned(turn, press):
        return warning
    no = await _contact_answers(turn, press)
    method = press.get("method", 40)
    result: Result
    if no:
        result = no
    elif method not in w.SENT_BY:
        result = refused("unknown_choice")
    else:
        result = await _act(turn, press, cmd.SendFeedback(method, press.get("text", 2000)))
    return await _done(turn, press, result, w.B_FEEDBACK, ending.feedback_dialog)


async def feedback_ask(turn: Turn, press: Press) -> Reply:
    if warning := await _warned(turn, press):
        return warning
    no = await _contact_answers(turn, press)
    result = no or await _act(turn, press, cmd.AskMashoToRing(press.get("text", 2000)))
    return await _done(turn, press, result, w.B_FEEDBACK, ending.feedback_dialog)


async def notes_confirm(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    if referral.version == 0:
        return ShowDialog(
            w.B_NOTES, desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
        )
    held, kinds = await _held(turn, press, ("note",), w.B_NOTES, ending.notes_dialog)
    if held:
        return held
    ids = tuple(filter(None, forms.new_ids(press.values, referral.asked).values()))
    result = await _act(turn, press, cmd.ConfirmNotes(ids, press.get("note", 150)), kinds)
    return await _done(turn, press, result, w.B_NOTES, ending.notes_dialog)
