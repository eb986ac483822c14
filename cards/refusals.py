"""A refusal as a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.decision import Refused
from bot.domain.feedback_levels import Leak
from cards import wording as w
from cards.context import View


def leaks_words(found: Iterable[Leak]) -> str:
    """What a text holds that its caller may not hear, and where each came from."""
    return w.join([w.LEAK.format(words=x.words, source=w.LEAK_SOURCES[x.source]) for x in found])


def sentence(refused: Refused, view: View) -> str:
    """What happened and what to do, for the person who pressed."""
    p = view.partnership
    facts = dict(refused.facts)
    values = {
        "emergency": p.emergency_number,
        "edt": p.out_of_hours_name,
        "edt_phone": p.out_of_hours_phone,
        "mash": p.mash_phone,
        "adult_mash": p.adult_mash_phone,
        "lado": p.lado_phone,
        "test_days": w.weekday_list(p.test_days),
        "who": w.WHO_MAY.get(facts.get("event", ""), "").format(emergency=p.emergency_number),
        "fields": w.join(
            [w.FIELDS.get(k, k).rstrip("?") for k in facts] if refused.code == "answers" else []
        ),
    }
    if refused.code == "level_warns":
        values["leaks"] = leaks_words([Leak(source, words) for source, words in facts.items()])
    if "missing" in facts:
        owed = [w.MISSING.get(code, code) for code in facts["missing"].split(",")]
        values["missing"] = w.join(owed)
    if "state" in facts:
        values["state"] = w.first_lower(w.STATES.get(facts["state"], facts["state"]))
    if "route" in facts:
        values["route"] = w.ROUTES[facts["route"]]
        values["times"] = f" ({facts['times']})" if facts["times"] else ""
    if refused.code == "paused":
        values["paused"] = facts.get("paused", "").rstrip(".") + "."
    for key, value in facts.items():
        values.setdefault(key, value)
    template = w.REFUSALS[refused.code]
    if refused.code == "wrong_state":
        template = f"{w.WRONG_STATE.get(facts.get('event', ''), '')} {template}".strip()
    return template.format(**{"ref": "This", "fault": "", **values})
