"""What the caller may hear, composed at their feedback level. Plain text, read aloud or pasted.

Source of the levels: what a professional with an ongoing role, a parent, a young person or a
member of the public may be told differs; each function takes only what its level may hear.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.feedback_levels import level_of
from bot.domain.referral import Caller, Referral
from bot.domain.vocabulary import LIMIT_FEEDBACK
from cards import wording as w
from cards.context import View


def draft(referral: Referral, view: View, caller: Caller | None = None) -> str:
    """The bot's draft for one caller of this referral (its own by default); never empty.

    The last actions of a long plan are left out, so that the box does not cut the end off:
    the emergency number is there.
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
    write = writers[level_of(caller or referral.callers[0], view.partnership)]
    while True:
        words = " ".join(line for line in write(referral, view) if line)
        plan = referral.plan
        if len(words) <= LIMIT_FEEDBACK or plan is None or not plan.actions:
            return words
        referral = replace(referral, plan=replace(plan, actions=plan.actions[:-1]))


def _needs(referral: Referral, view: View) -> str:
    return w.join([w.first_lower(view.need_short(n)) for n in referral.asked.needs])


def _decided(referral: Referral, view: View) -> str:
    if referral.pick is None:
        return ""
    return w.F_DECIDED.get(referral.pick.code, w.F_DECIDED_OTHER).format(
        outcome=w.first_lower(view.outcome(referral.pick.code))
    )


def _lead(referral: Referral, view: View) -> str:
    return w.F_LEAD.format(name=view.name(referral.lead)) if referral.lead else ""


def _plan(referral: Referral, view: View) -> str:
    if referral.plan is None:
        return ""
    lines = [f"{a.action.rstrip('.')}, by {w.day_words(a.due_on)}" for a in referral.plan.actions]
    return w.F_PLAN.format(actions="; ".join(lines)) if lines else ""


def _next_step(referral: Referral) -> str:
    step = referral.plan.next_step.strip() if referral.plan else ""
    if not step or step.lower().startswith("none"):
        return ""
    return w.F_NEXT_STEP.format(step=step.rstrip("."))


def _family_know(referral: Referral) -> str:
    return w.F_FAMILY_KNOW.get(referral.asked.told_family, "")


def _ring(view: View) -> str:
    return w.F_WORRIED.format(mash=view.partnership.mash_phone)


def _danger(view: View) -> str:
    return w.F_DANGER.format(emergency=view.partnership.emergency_number)


def _professional_full(referral: Referral, view: View) -> list[str]:
    return [
        w.F_THANKS,
        w.F_NEEDS.format(needs=_needs(referral, view)) if referral.asked.needs else "",
        _decided(referral, view),
        _lead(referral, view),
        _plan(referral, view),
        _next_step(referral),
        _family_know(referral),
        _ring(view),
        w.F_DISAGREE,
        _danger(view),
    ]


def _professional_limited(referral: Referral, view: View) -> list[str]:
    return [w.F_THANKS, w.F_ACTED, _next_step(referral), _ring(view), _danger(view)]


def _family_pr(referral: Referral, view: View) -> list[str]:
    return [
        w.F_THANKS_FAMILY,
        _decided(referral, view),
        _lead(referral, view),
        _plan(referral, view),
        _next_step(referral),
        w.F_RIGHTS,
        _ring(view),
        _danger(view),
    ]


def _young_person(referral: Referral, view: View) -> list[str]:
    name = view.name(referral.lead) if referral.lead else ""
    return [
        w.F_YOUNG_THANKS,
        w.F_YOUNG_LEAD.format(name=name) if name else "",
        _next_step(referral),
        w.F_YOUNG_CHOICE,
        w.F_YOUNG_DANGER.format(
            emergency=view.partnership.emergency_number, mash=view.partnership.mash_phone
        ),
    ]


def _family_limited(referral: Referral, view: View) -> list[str]:
    return [
        w.F_THANKS_CHILDREN,
        w.F_ACTED_PRIVATE,
        _next_step(referral),
        _danger(view),
        _ring(view),
    ]


def _public_thanks(referral: Referral, view: View) -> list[str]:
    return [w.F_THANKS_CHILDREN, w.F_ACTED_PRIVATE, _danger(view), _ring(view)]


def _none(referral: Referral, view: View) -> list[str]:
    return [w.F_NONE, _danger(view)]
