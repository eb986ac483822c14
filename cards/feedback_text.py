"""What the caller may hear, composed at their feedback level. Plain text, read aloud or pasted.

Source of the levels: what a professional with an ongoing role, a parent, a young person or a
member of the public may be told differs; each function takes only what its level may hear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.domain.events import Action
from bot.domain.feedback_levels import leaks, level_of, normal
from bot.domain.feedback_sources import step_is_for, withheld
from bot.domain.identifiers import case_numbers
from bot.domain.referral import Caller, Referral
from bot.domain.vocabulary import LIMIT_FEEDBACK
from cards import wording as w
from cards.context import View

_NO_STEP = re.compile(
    r"(none|nothing|nil|no|n ?/ ?a|not applicable)"
    r"( (action|needed|required|further|more|else|today|now|yet|for now|at present|at this time))*",
    re.I,
)
_NEED_NOT_CLEAR = "not_clear"
_LEAST_OPEN_FIRST = ("no_unsafe", "no_not_yet", "caller_is_family", "yes_not_agree", "yes_agree")


@dataclass(frozen=True, slots=True)
class _Call:
    """One caller of a referral, and who reads the draft."""

    referral: Referral
    view: View
    caller: Caller
    left_out: bool = False
    """The last actions of the plan did not fit."""

    @property
    def lead(self) -> str:
        """Empty where nobody leads, or the lead is no longer configured."""
        found = self.view.partnership.person(self.referral.lead)
        return found.name if found else ""

    def may_hear(self, words: str) -> bool:
        if case_numbers(words, self.view.partnership.mosaic_id_pattern):
            return False
        return not leaks(words, self.referral, self.caller, self.view.partnership)


def draft(referral: Referral, view: View, caller: Caller | None = None) -> str:
    """The bot's draft for one caller of this referral (its own by default); never empty.

    The last actions of a long plan are left out, so that the box does not cut the end off:
    the emergency number is there. An action, or a next step, that repeats what this caller may
    not hear is left out too.
    """
    writers = {
        "professional_full": _professional_full,
        "professional_limited": _professional_limited,
        "family_pr": _family_pr,
        "young_person": _young_person,
        "family_limited": _family_limited,
        "public_thanks": _public_thanks,
        "none": _none,
    }
    call = _Call(referral, view, caller or referral.callers[0])
    write = writers[level_of(call.caller, view.partnership)]
    while True:
        words = "\n".join(line for line in write(call) if line)
        plan = call.referral.plan
        if len(words) <= LIMIT_FEEDBACK or plan is None or not plan.actions:
            return words
        shorter = replace(plan, actions=plan.actions[:-1])
        call = replace(call, referral=replace(call.referral, plan=shorter), left_out=True)


# What the sentences say ----------------------------------------------------------------------


def _many(call: _Call) -> bool:
    return len(call.caller.intake.children) > 1


def _thanks(call: _Call) -> str:
    return w.F_THANKS.format(children=w.F_THESE_CHILDREN if _many(call) else w.F_THIS_CHILD)


def _needs(call: _Call) -> str:
    needs = call.referral.asked.needs
    if needs == (_NEED_NOT_CLEAR,):
        return w.F_NEEDS_NOT_CLEAR
    named = "; ".join(w.first_lower(call.view.need_short(n)) for n in needs)
    return (w.F_NEEDS_MANY if _many(call) else w.F_NEEDS).format(needs=named) if named else ""


def _codes(call: _Call) -> dict[str, list[str]]:
    """Agreed outcome codes, each with the age bands of the caller's children it is for."""
    pick = call.referral.pick
    if pick is None or not call.referral.agreed:
        elsewhere = call.referral.elsewhere
        return {elsewhere.code: []} if elsewhere else {}
    own, found = dict(pick.per_child), dict[str, list[str]]()
    for child in call.caller.intake.children:
        found.setdefault(own.get(child.mosaic_id, pick.code), []).append(child.age_band)
    return found


def _decided(call: _Call, outcomes: dict[str, str]) -> str:
    codes = _codes(call)
    said = {c: outcomes.get(c) or w.first_lower(call.view.outcome(c)) for c in codes}
    words = "; ".join(_for_each(codes, said) if len(codes) > 1 else said.values())
    sentence = w.F_WHAT_DECIDED if call.referral.agreed else w.F_WAS_DECIDED
    return sentence.format(decided=words) if words else ""


def _for_each(codes: dict[str, list[str]], said: dict[str, str]) -> list[str]:
    """By the child's age; where ages do not tell them apart, one child and another."""
    bands = [band for found in codes.values() for band in found]
    if len(bands) != len(set(bands)):
        first, *others = said.values()
        one = w.F_FOR_ONE.format(decided=first)
        return [one, *(w.F_FOR_ANOTHER.format(decided=words) for words in others)]
    return [
        w.F_FOR_UNBORN.format(decided=said[code])
        if band == "unborn"
        else w.F_FOR_AGE.format(age=w.AGE_BANDS[band], decided=said[code])
        for code, found in codes.items()
        for band in found
    ]


def _passed_on(call: _Call, words: str) -> str:
    """Handed over, and not known yet what was decided there."""
    over = call.referral.handover
    if over is None or _codes(call):
        return ""
    return words.format(to=w.F_PASSED_TO.get(over.to, ""))


def _lead(call: _Call) -> str:
    return w.F_LEAD.format(name=call.lead) if call.lead else ""


def _action(action: Action) -> str:
    words = normal(action.action).rstrip(" .;!")
    return w.F_PLAN_ACTION.format(action=words, day=w.day_words(action.due_on))


def _plan(call: _Call) -> str:
    plan = call.referral.plan if call.referral.agreed else None
    lines = [_action(a) for a in plan.actions] if plan else []
    heard = "; ".join(line for line in lines if call.may_hear(line))
    if not heard:
        return w.F_PLAN_MORE if call.left_out else ""
    return w.F_PLAN.format(actions=heard) + (f" {w.F_PLAN_MORE}" if call.left_out else "")


def _next_step(call: _Call, sentence: str = w.F_NEXT_STEP) -> str:
    plan = call.referral.plan if call.referral.agreed else None
    step = normal(plan.next_step).rstrip(" .;!") if plan else ""
    if not step or _NO_STEP.fullmatch(step.replace(",", "")):
        return ""
    theirs = step_is_for(call.referral, call.caller) and call.may_hear(step)
    return sentence.format(step=step) if theirs else ""


def _family_know(call: _Call) -> str:
    """What the least open caller said stands."""
    told = {c.intake.told_family for c in call.referral.callers}
    found = next((t for t in _LEAST_OPEN_FIRST if t in told), "")
    return w.F_FAMILY_KNOW.get(found, w.F_FAMILY_ASK)


def _disagree(call: _Call) -> str:
    return w.F_DISAGREE if call.lead else w.F_DISAGREE_NO_LEAD


def _ring(call: _Call) -> str:
    return w.F_WORRIED.format(mash=call.view.partnership.mash_phone)


def _danger(call: _Call) -> str:
    return w.F_DANGER.format(emergency=call.view.partnership.emergency_number)


# What each level hears -----------------------------------------------------------------------


def _professional_full(call: _Call) -> list[str]:
    return [
        _thanks(call),
        w.F_TEAM if call.referral.agreed else "",
        _needs(call),
        _decided(call, w.F_DECIDED),
        _passed_on(call, w.F_PASSED_ON),
        _lead(call),
        _plan(call),
        _next_step(call),
        _family_know(call),
        _ring(call),
        _disagree(call),
        _danger(call),
    ]


def _professional_limited(call: _Call) -> list[str]:
    return [w.F_THANKS_FAMILY, w.F_ACTED, _next_step(call), _ring(call), _danger(call)]


def _family_pr(call: _Call) -> list[str]:
    if withheld(call.referral, call.caller, "family_pr"):
        what = [w.F_WITHHELD]
    else:
        what = [
            _decided(call, w.F_DECIDED_FAMILY),
            _passed_on(call, w.F_PASSED_ON_FAMILY),
            _lead(call),
            _plan(call),
            _next_step(call),
            _disagree(call),
        ]
    return [w.F_THANKS_FAMILY, *what, w.F_RIGHTS, _ring(call), _danger(call)]


def _young_person(call: _Call) -> list[str]:
    pick = call.referral.pick
    code = pick.code if pick and call.referral.agreed else ""
    return [
        w.F_YOUNG_THANKS,
        w.F_YOUNG_NEXT.get(code, w.F_YOUNG_NEXT_OTHER),
        w.F_YOUNG_LEAD.format(name=call.lead) if call.lead else "",
        _next_step(call, w.F_YOUNG_STEP),
        w.F_YOUNG_CHOICE,
        w.F_YOUNG_SAFE,
        w.F_YOUNG_DANGER.format(
            emergency=call.view.partnership.emergency_number, mash=call.view.partnership.mash_phone
        ),
    ]


def _family_limited(call: _Call) -> list[str]:
    return [w.F_THANKS_CHILDREN, w.F_ACTED_PRIVATE, _next_step(call), _danger(call), _ring(call)]


def _public_thanks(call: _Call) -> list[str]:
    return [w.F_THANKS_CHILDREN, w.F_ACTED_PRIVATE, _danger(call), _ring(call)]


def _none(call: _Call) -> list[str]:
    return [w.F_NONE, _danger(call), _ring(call)]
