"""Taking a referral: the doors, the two steps, and what comes back when it cannot be taken."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from bot.desk.service import Done
from bot.domain.commands import AmendIntake, SubmitIntake
from bot.domain.decide import decide
from bot.domain.decision import Refused, Scene, refused
from bot.domain.evolve import fold
from bot.domain.intake import Intake, texts_of
from bot.domain.referral import Referral
from bot.domain.rules_intake import brief_problems, door
from bot.domain.transitions import actor_allowed, state_allows
from bot.teams import forms
from bot.teams.press import CloseDialog, Press, Reply, ShowDialog, Turn
from cards import desk_cards, intake, intake_rest, wording as w

_SHUT = frozenset({"out_of_hours", "not_a_test_day", "paused", "adult_only"})
_BEFORE_THE_ANSWERS = _SHUT | {"open_to_social_worker"}


_ALSO_URGENT = ("received_time", "mosaic_", "age_", "district", "child_location", "seen_heard")
"""What the form already holds goes through the door 'Child not safe now' with the person."""


async def door_words(turn: Turn) -> str:
    """Empty when a referral picked up now would be taken, else why not."""
    now = turn.desk.clock.now()
    today = await turn.desk.days.today()
    code = door(turn.desk.partnership, today, now, now)
    if not code:
        return ""
    return await turn.say(refused(code, paused=today.paused or ""))


def _fresh_values(turn: Turn) -> dict[str, str]:
    local = turn.desk.partnership.calendar.local(turn.desk.clock.now())
    return {"received_time": w.clock(local), "scope": "child"}


async def open_brief(turn: Turn, press: Press) -> Reply:
    view = await turn.view(None)
    top = await door_words(turn)
    late = not top and turn.desk.partnership.calendar.urgent_only(view.now)
    if late:
        top = await turn.say(refused("urgent_only"))
    card = intake.brief_form(
        view, uuid.uuid4().hex, _fresh_values(turn), {}, top=top, next_day=late
    )
    return ShowDialog(w.FORM_HEAD, card)


async def open_immediate(turn: Turn, press: Press) -> Reply:
    view = await turn.view(None)
    top = await door_words(turn)
    case_id = press.case_id or uuid.uuid4().hex
    typed = {k: v for k, v in press.values.items() if v and k.startswith(_ALSO_URGENT)}
    values = {**_fresh_values(turn), **typed}
    card = intake.immediate_form(view, case_id, values, {}, top=top)
    return ShowDialog(w.IMMEDIATE_FORM_HEAD, card)


async def brief(turn: Turn, press: Press) -> Reply:
    return await _submit(turn, press, immediate=False)


async def immediate(turn: Turn, press: Press) -> Reply:
    return await _submit(turn, press, immediate=True)


async def _submit(turn: Turn, press: Press, *, immediate: bool) -> Reply:
    there = await turn.desk.cases.current(press.case_id)
    if there.referral.version:
        return await _rest_dialog(turn, Done(there.referral, (), changed=False))
    p, now = turn.desk.partnership, turn.desk.clock.now()
    found, problems = forms.read_brief(press.values, p, now)
    urgent = immediate or found.safe_now == "no"
    if urgent:
        problems.pop("referrer_group", None)
    problems = {**brief_problems(found, p, now, immediate=urgent), **problems}
    said: dict[str, str] = {}
    kinds: tuple[str, ...] = ()
    if not urgent:
        texts = texts_of({"seen_heard": found.seen_heard})
        said, kinds = forms.identifiers_in(texts, p.calendar.day_of(now))
    command = SubmitIntake(
        found,
        earlier_reference=await earlier_of(turn, press.case_id, found.mosaic_ids),
        immediate=immediate,
        next_day=press.get("next_day") == "true",
        pass_on=press.get("pass_on") == "true",
    )
    shut = await _closed(turn, command)
    if shut:
        return await _refused(turn, press, shut, immediate=immediate)
    held = said and not press.passes
    if problems or held:
        marks = {**({} if press.passes else said), **_sentences(problems)}
        return await _again(turn, press, marks, immediate=immediate, may_pass=bool(held))
    passed = kinds if press.passes else ()
    result = await turn.desk.service.act(
        press.case_id, command, turn.person, press=turn.key(press), passed=passed
    )
    if isinstance(result, Refused):
        return await _refused(turn, press, result, immediate=immediate)
    return await _rest_dialog(turn, result)


async def _closed(turn: Turn, command: SubmitIntake) -> Refused | None:
    """Scope and door come before the answers: a shut door is told before a missing field."""
    scene = Scene(
        turn.desk.partnership, await turn.desk.days.today(), turn.desk.clock.now(), turn.person
    )
    result = decide(Referral("draft"), command, scene)
    return result if isinstance(result, Refused) and result.code in _BEFORE_THE_ANSWERS else None


def _sentences(problems: dict[str, str]) -> dict[str, str]:
    return {name: w.PROBLEMS.get(code, code) for name, code in problems.items()}


async def earlier_of(turn: Turn, case_id: str, mosaic_ids: tuple[str, ...]) -> str:
    """The latest earlier referral of any of these children within the partnership's window."""
    p = turn.opened((await turn.desk.cases.current(case_id)).referral)
    since = turn.desk.clock.now() - dt.timedelta(days=30.44 * p.timers.re_referral_months)
    latest: tuple[dt.datetime, str] | None = None
    for mosaic_id in mosaic_ids:
        for case, reference, at in await turn.desk.log.referrals_of_child(mosaic_id):
            if case != case_id and at >= since:
                latest = max(latest or (at, reference), (at, reference))
    return latest[1] if latest else ""


async def _again(
    turn: Turn,
    press: Press,
    problems: dict[str, str],
    *,
    immediate: bool,
    may_pass: bool = False,
    next_day: bool = False,
    to_worker: bool = False,
    top: str = "",
) -> Reply:
    """The form with every answer kept and what is wrong marked."""
    view = await turn.view(None)
    if problems and not top:
        fields = w.join([w.FIELDS.get(n, n).rstrip("?") for n in problems])
        top = w.FIX.format(fields=fields)
    if immediate:
        card = intake.immediate_form(view, press.case_id, press.values, problems, top=top)
        return ShowDialog(w.IMMEDIATE_FORM_HEAD, card)
    card = intake.brief_form(
        view,
        press.case_id,
        press.values,
        problems,
        top=top,
        may_pass=may_pass,
        next_day=next_day,
        to_worker=to_worker,
    )
    return ShowDialog(w.FORM_HEAD, card)


async def _refused(turn: Turn, press: Press, no: Refused, *, immediate: bool) -> Reply:
    await turn.desk.service.refuse(
        no,
        verb=press.verb,
        case_id=press.case_id,
        tenant_id=turn.inbound.sender.channel_tenant_id,
        object_id=turn.inbound.sender.object_id,
    )
    words = await turn.say(no)
    if no.code in _SHUT:
        card = intake.shut_card(words, intake.draft_text(press.values, await turn.view(None)))
        return ShowDialog(w.FORM_HEAD, card)
    if no.code == "answers":
        return await _again(turn, press, _sentences(dict(no.facts)), immediate=immediate)
    if no.code == "wrong_state":
        case = await turn.desk.cases.current(press.case_id)
        return await _rest_dialog(turn, Done(case.referral, (), changed=False))
    return await _again(
        turn,
        press,
        {},
        immediate=immediate,
        top=words,
        next_day=no.code == "urgent_only",
        to_worker=no.code == "open_to_social_worker",
    )


async def _rest_dialog(
    turn: Turn,
    done: Done,
    values: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    *,
    may_pass: bool = False,
) -> Reply:
    referral = done.referral
    p = turn.opened(referral)
    view = await turn.view(referral)
    if not state_allows("intake.amended", referral.state):
        state = str(referral.state)
        no = refused("wrong_state", event="intake.amended", state=state, ref=referral.reference)
        return ShowDialog(referral.reference, desk_cards.refused_dialog(await turn.say(no)))
    skipped = not referral.asked.safe_now or not referral.asked.needs
    known = forms.rest_values(referral.asked, p) if values is None else values
    top = ""
    if problems:
        top = w.FIX_REST.format(fields=w.join([w.FIELDS.get(n, n).rstrip("?") for n in problems]))
    card = intake_rest.rest_form(
        view, referral, known, problems or {}, top=top, may_pass=may_pass, skipped=skipped
    )
    return ShowDialog(w.FORM_HEAD, card)


async def carry_on(turn: Turn, press: Press) -> Reply:
    referral = (await turn.desk.cases.current(press.case_id)).referral
    if referral.version == 0:
        return ShowDialog(
            w.FORM_HEAD, desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
        )
    if not actor_allowed("intake.amended", referral, turn.person):
        no = refused("not_allowed", event="intake.amended")
        return ShowDialog(referral.reference, desk_cards.refused_dialog(await turn.say(no)))
    return await _rest_dialog(turn, Done(referral, (), changed=False))


async def _intake_as_drawn(turn: Turn, press: Press) -> Intake:
    """The answers this person was shown: what they did not touch must not undo another's."""
    case = await turn.desk.cases.current(press.case_id)
    if press.version >= case.referral.version or press.version < 1:
        return case.referral.asked
    stream = await turn.desk.log.load(press.case_id)
    seen = (r for c in stream.commits if c.n <= press.version for r in c.recorded)
    return fold(Referral(press.case_id), seen).asked


async def _known_before(turn: Turn, case_id: str, answers: dict[str, Any]) -> bool:
    """Whether a Mosaic ID that came late belongs to an earlier referral."""
    children = answers.get("children", ())
    ids = tuple(c.mosaic_id for c in children if not c.to_follow)
    return bool(ids) and bool(await earlier_of(turn, case_id, ids))


async def rest(turn: Turn, press: Press) -> Reply:
    referral = (await turn.desk.cases.current(press.case_id)).referral
    p, now = turn.opened(referral), turn.desk.clock.now()
    if referral.version == 0:
        return ShowDialog(
            w.FORM_HEAD, desk_cards.refused_dialog(await turn.say(refused("unknown_case")))
        )
    done = Done(referral, (), changed=False)
    drawn = await _intake_as_drawn(turn, press)
    parsed = forms.read_rest(press.values, drawn, p, now)
    parsed.answers = {k: v for k, v in parsed.answers.items() if v != getattr(drawn, k)}
    texts = {**texts_of(parsed.answers), "reason": press.get("reason", 150)}
    said, kinds = forms.identifiers_in(texts, p.calendar.day_of(now))
    held = bool(said) and not press.passes
    if parsed.problems or held:
        marks = {**({} if press.passes else said), **_sentences(parsed.problems)}
        return await _rest_dialog(turn, done, press.values, marks, may_pass=held)
    if await _known_before(turn, press.case_id, parsed.answers):
        parsed.answers["earlier"] = "yes"
    result = await turn.desk.service.act(
        press.case_id,
        AmendIntake(parsed.answers, press.get("reason", 150)),
        turn.person,
        press=turn.key(press),
        passed=kinds if press.passes else (),
    )
    if isinstance(result, Refused):
        if result.code == "answers":
            return await _rest_dialog(turn, done, press.values, _sentences(dict(result.facts)))
        words = await turn.say(result)
        return ShowDialog(referral.reference, desk_cards.refused_dialog(words))
    return CloseDialog()
