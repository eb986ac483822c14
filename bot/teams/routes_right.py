"""Presses that put something right or close a loop: correct, reopen, withdraw, merge, link."""

from __future__ import annotations

from bot.desk.between import as_other
from bot.desk.service import Result
from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed, state_allows
from bot.teams import forms
from bot.teams.answering import (
    act,
    done,
    held_back,
    log_refusal,
    referral_of,
)
from bot.teams.press import CloseDialog, Press, Reply, ShowCard, ShowDialog, Turn
from cards import desk_cards, putting_right, wording as w

_MOST_CHOICES = 30


async def correct_save(turn: Turn, press: Press) -> Reply:
    names = ("reason", "rationale", "strategy_why")
    held, kinds = await held_back(
        turn, press, names, w.B_CORRECT_OUTCOME, putting_right.correct_dialog
    )
    if held:
        return held
    referral = await referral_of(turn, press)
    chosen = {c: press.get(f"child_{c}", 40) for c in referral.asked.mosaic_ids}
    asked_each = any(f"child_{c}" in press.values for c in chosen)
    command = cmd.CorrectOutcome(
        press.get("reason", 150),
        press.get("outcome", 40),
        press.get("rationale", 600),
        tuple((c, code) for c, code in chosen.items() if code) if asked_each else None,
        forms.read_strategy(press.values),
    )
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_CORRECT_OUTCOME, putting_right.correct_dialog)


async def reopen_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_REOPEN, putting_right.reopen_dialog)
    if held:
        return held
    result = await act(turn, press, cmd.ReopenReferral(press.get("reason", 150)), kinds)
    return await done(turn, press, result, w.B_REOPEN, putting_right.reopen_dialog)


async def withdraw_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(
        turn, press, ("reason",), w.B_WITHDRAW, putting_right.withdraw_dialog
    )
    if held:
        return held
    result = await act(turn, press, cmd.WithdrawReferral(press.get("reason", 150)), kinds)
    return await done(turn, press, result, w.B_WITHDRAW, putting_right.withdraw_dialog)


async def elsewhere_save(turn: Turn, press: Press) -> Reply:
    result = await act(turn, press, cmd.RecordElsewhere(press.get("outcome", 40)))
    return await done(turn, press, result, w.B_ELSEWHERE, putting_right.elsewhere_dialog)


async def action_done(turn: Turn, press: Press) -> Reply:
    """The list again, so that the next action is one more tap."""
    wanted = press.get("index", 3)
    result: Result = refused("no_such_action")
    if wanted.isdecimal():
        result = await act(turn, press, cmd.MarkActionDone(int(wanted)))
    referral = await referral_of(turn, press)
    top = await turn.say(result) if isinstance(result, Refused) else ""
    card = putting_right.actions_dialog(referral, await turn.view(referral), {}, top=top)
    return ShowDialog(w.B_ACTIONS_DONE, card)


# Two referrals -----------------------------------------------------------------------

_EVENT = {"merge": "referral.merged", "link": "referral.linked"}
_TITLE = {"merge": w.B_MERGE, "link": w.B_LINK}


async def merge_open(turn: Turn, press: Press) -> Reply:
    return await _open_pair(turn, press, "merge")


async def link_open(turn: Turn, press: Press) -> Reply:
    return await _open_pair(turn, press, "link")


async def merge_save(turn: Turn, press: Press) -> Reply:
    return await _save_pair(turn, press, "merge")


async def link_save(turn: Turn, press: Press) -> Reply:
    return await _save_pair(turn, press, "link")


async def _open_pair(turn: Turn, press: Press, verb: str, top: str = "") -> Reply:
    referral = await referral_of(turn, press)
    event = _EVENT[verb]
    no = None
    if not actor_allowed(event, referral, turn.person):
        no = refused("not_allowed", event=event, ref=referral.reference)
    elif not state_allows(event, referral.state):
        state = str(referral.state)
        no = refused("wrong_state", event=event, state=state, ref=referral.reference)
    if no:
        await log_refusal(turn, press, no)
        return ShowDialog(_TITLE[verb], desk_cards.refused_dialog(await turn.say(no)))
    choices = await _choices(turn, referral, only_open=verb == "merge")
    card = putting_right.pair_dialog(referral, f"{verb}.save", choices, press.values, top=top)
    return ShowDialog(_TITLE[verb], card)


async def _choices(turn: Turn, referral: Referral, *, only_open: bool) -> list[tuple[str, str]]:
    """The referrals that name the same child first, then the other open ones."""
    log, cases = turn.desk.log, turn.desk.cases
    ids = [o.case_id for o in referral.matches]
    for mosaic_id in referral.asked.mosaic_ids:
        ids += [case_id for case_id, _, _ in await log.referrals_of_child(mosaic_id)]
    ids += sorted(await log.open_cases())
    view = await turn.view(None)
    found = []
    for case in await cases.each(dict.fromkeys(ids)):
        other = case.referral
        if other.case_id == referral.case_id or other.intake is None or not other.reference:
            continue
        if other.live or not only_open:
            when = view.when(other.asked.received_at)
            state = w.first_lower(w.STATES[other.state])
            found.append((other.reference, f"{other.reference}, {when}: {state}"))
    return found[:_MOST_CHOICES]


async def _other(turn: Turn, reference: str) -> Referral | None:
    case_id = await turn.desk.log.case_of_reference(reference)
    if not case_id:
        return None
    other = await turn.desk.between.surviving(case_id)
    return other if other.intake is not None else None


async def _pair(turn: Turn, press: Press, verb: str, case_id: str, reference: str) -> Result:
    other = await _other(turn, reference)
    if other is None:
        return refused("no_such_referral", ref=reference)
    command = cmd.MergeReferral(as_other(other)) if verb == "merge" else None
    acted = Press(press.verb, case_id, press.version, press.values, press.origin)
    return await act(turn, acted, command or cmd.LinkReferral(as_other(other)))


async def _save_pair(turn: Turn, press: Press, verb: str) -> Reply:
    result = await _pair(turn, press, verb, press.case_id, press.get("other", 20))
    if isinstance(result, Refused):
        return await _open_pair(turn, press, verb, top=await turn.say(result))
    return CloseDialog()


async def merge_here(turn: Turn, press: Press) -> Reply:
    return await _from_notice(turn, press, "merge")


async def link_here(turn: Turn, press: Press) -> Reply:
    return await _from_notice(turn, press, "link")


async def _from_notice(turn: Turn, press: Press, verb: str) -> Reply:
    """Pressed in the earlier referral's thread: it acts on the later one."""
    earlier = await referral_of(turn, press)
    later = await _other_exactly(turn, press.get("other", 20))
    if later is None:
        no = refused("no_such_referral", ref=press.get("other", 20))
        return ShowCard(desk_cards.sentence_card(await turn.say(no)))
    result = await _pair(turn, press, verb, later.case_id, earlier.reference)
    if isinstance(result, Refused):
        return ShowCard(desk_cards.sentence_card(await turn.say(result)))
    view = await turn.view(earlier)
    return ShowCard(putting_right.same_child_card(earlier, result.referral, view))


async def _other_exactly(turn: Turn, reference: str) -> Referral | None:
    """The referral of that number itself, merged or not."""
    case_id = await turn.desk.log.case_of_reference(reference)
    if not case_id:
        return None
    return (await turn.desk.cases.fresh(case_id)).referral
