"""Plan and outcome, feedback and case notes: the dialogs that decide and end a referral."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Refused, refused
from bot.domain.evolve import fold
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed
from bot.domain.vocabulary import (
    MAX_ACTIONS,
)
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
from bot.teams.press import CloseDialog, Press, Reply, ShowDialog, Turn
from bot.teams.routes_intake import earlier_of
from cards import desk_cards, notes, outcome, wording as w
from cards.context import View
from cards.kit import Json


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
    view = await turn.view(referral)
    held = press.verb if may_pass else ""
    card = outcome.outcome_dialog(referral, view, press.values, top=top, may_pass=held)
    return ShowDialog(w.B_PLAN, card)


async def _plan_as_drawn(turn: Turn, press: Press) -> ev.PlanSaved | None:
    """The plan this person's dialog was opened on."""
    referral = await referral_of(turn, press)
    if press.version >= referral.version or press.version < 1:
        return referral.plan
    stream = await turn.desk.log.load(press.case_id)
    seen = (r for c in stream.commits if c.n <= press.version for r in c.recorded)
    return fold(Referral(press.case_id), seen).plan


async def _plan_changed(
    turn: Turn, press: Press, mine: ev.PlanSaved, drawn: ev.PlanSaved | None
) -> Reply:
    """Somebody saved another plan meanwhile: theirs, and after it the rows this person typed."""
    referral = await referral_of(turn, press)
    assert referral.plan is not None
    old = drawn.actions if drawn else ()
    typed = tuple(a for a in mine.actions if a not in old and a not in referral.plan.actions)
    both = replace(referral.plan, actions=(*referral.plan.actions, *typed)[:MAX_ACTIONS])
    merged = replace(referral, plan=both)
    view = await turn.view(referral)
    rest = {k: v for k, v in press.values.items() if k in ("outcome", "rationale")}
    answers = {**outcome.plan_answers(merged, view), **rest}
    return ShowDialog(w.B_PLAN, outcome.outcome_dialog(referral, view, answers, top=w.PLAN_CHANGED))


async def _save_plan(turn: Turn, press: Press, *, required: bool) -> Reply | None:
    """None when the plan is saved (or, where not required, when no row is filled)."""
    referral = await referral_of(turn, press)
    p = turn.opened(referral)
    if not actor_allowed("plan.saved", referral, turn.person) and not required:
        return None
    today = p.calendar.day_of(turn.desk.clock.now())
    plan = forms.read_plan(press.values, p, referral.asked.needs, today)
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
    found, kinds = no_identifiers(turn, texts)
    if found and not press.passes:
        return await _outcome_again(turn, press, found, may_pass=True)
    command = cmd.SavePlan(plan, press.get("next_step", 250), press.get("family_view", 250))
    drawn = await _plan_as_drawn(turn, press)
    mine = ev.PlanSaved(command.actions, command.next_step, command.family_view)
    if mine == drawn and not required:
        return None
    if referral.plan not in (drawn, mine):
        return await _plan_changed(turn, press, mine, drawn)
    result = await turn.desk.service.act(
        press.case_id,
        command,
        turn.person,
        press=turn.key(press) + "plan",
        passed=kinds if press.passes else (),
    )
    if isinstance(result, Refused):
        await log_refusal(turn, press, result)
        return await _outcome_again(turn, press, await turn.say(result))
    return None


async def outcome_plan(turn: Turn, press: Press) -> Reply:
    return await _save_plan(turn, press, required=True) or CloseDialog()


async def _told_family(turn: Turn, press: Press) -> Reply | None:
    """Saves whether the family know, where this dialog had to ask."""
    referral = await referral_of(turn, press)
    answers = forms.read_told_family(press.values, referral.asked)
    if not answers:
        return None
    found, _ = no_identifiers(turn, {"told_family_reason": answers.get("told_family_reason", "")})
    if found and not press.passes:
        return await _outcome_again(turn, press, found, may_pass=True)
    result = await turn.desk.service.act(
        press.case_id, cmd.AmendIntake(answers), turn.person, press=turn.key(press) + "told"
    )
    if isinstance(result, Refused):
        await log_refusal(turn, press, result)
        return await _outcome_again(turn, press, await turn.say(result))
    return None


async def outcome_pick(turn: Turn, press: Press) -> Reply:
    if unsaved := await _save_plan(turn, press, required=False):
        return unsaved
    if unanswered := await _told_family(turn, press):
        return unanswered
    code = press.get("outcome", 40)
    referral = await referral_of(turn, press)
    if code not in turn.opened(referral).outcome:
        return await _outcome_again(turn, press, w.REFUSALS["unknown_choice"])
    rationale = press.get("rationale", 600)
    texts = {"rationale": rationale, "strategy_why": press.get("strategy_why")}
    found, kinds = no_identifiers(turn, texts)
    if found and not press.passes:
        return await _outcome_again(turn, press, found, may_pass=True)
    per_child = tuple(
        (c, press.get(f"child_{c}", 40))
        for c in referral.asked.mosaic_ids
        if press.get(f"child_{c}", 40)
    )
    command = cmd.ProposeOutcome(code, rationale, per_child, forms.read_strategy(press.values))
    result = await act(turn, press, command, kinds if press.passes else ())
    if isinstance(result, Refused):
        return await _outcome_again(turn, press, await turn.say(result))
    return CloseDialog()


async def notes_confirm(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    if referral.version == 0:
        return ShowDialog(
            w.B_NOTES, desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
        )
    held, kinds = await held_back(turn, press, ("note",), w.B_NOTES, notes.notes_dialog)
    if held:
        await _shown_again(turn, press)
        return held
    ids = tuple(filter(None, forms.new_ids(press.values, referral.asked).values()))
    if ids and referral.asked.earlier != "yes" and await earlier_of(turn, press.case_id, ids):
        known = cmd.AmendIntake({"earlier": "yes"})
        key = turn.key(press) + "earlier"
        await turn.desk.service.act(press.case_id, known, turn.person, press=key)
    result = await act(turn, press, cmd.ConfirmNotes(ids, press.get("note", 150)), kinds)
    if isinstance(result, Refused):
        await _shown_again(turn, press)
    return await done(turn, press, result, w.B_NOTES, notes.notes_dialog)


async def _shown_again(turn: Turn, press: Press) -> None:
    """The notes are drawn once more, and that is a copy too."""
    key = f"shown-{turn.inbound.activity_id}"
    await turn.desk.service.act(press.case_id, cmd.OpenNotes("text"), turn.person, press=key)
