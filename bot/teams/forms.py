"""Raw inputs to domain values. Problems come back by field, as codes; nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.commands import ConsiderStrategy, HuddleRow
from bot.domain.events import Action, Sharing
from bot.domain.identifiers import find_identifiers
from bot.domain.intake import TEXT_LIMITS, Child, Intake
from bot.domain.partnership import Partnership
from bot.domain.vocabulary import (
    AGE_BANDS,
    CHILD_LOCATIONS,
    CONTACT_METHODS,
    EARLIER,
    LIMIT_LINE,
    LIMIT_RELEVANT,
    MAX_ACTIONS,
    MAX_CHILDREN,
    MAX_MORE_CHILDREN,
    SAFE_CONTACT,
    SAFE_NOW,
    SCOPES,
    SHARING_DECISIONS,
    TO_FOLLOW,
    TOLD_FAMILY,
)
from cards import wording as w

Values = Mapping[str, str]


@dataclass(slots=True)
class Parsed:
    """`answers` in the types of `Intake`; `problems` by field."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def _choice(parsed: Parsed, values: Values, name: str, allowed: object) -> None:
    value = values.get(name, "")
    if not value:
        return
    if isinstance(allowed, tuple | dict | frozenset) and value in allowed:
        parsed.answers[name] = value
    else:
        parsed.problems[name] = "choice"


def _children(parsed: Parsed, values: Values) -> None:
    found = []
    for n in range(1, MAX_CHILDREN + 1):
        mosaic = values.get(f"mosaic_{n}", "").strip()
        age = values.get(f"age_{n}", "")
        if not mosaic and not age:
            continue
        if age not in AGE_BANDS:
            parsed.problems["children"] = "age_missing"
        if mosaic.lower() in ("", TO_FOLLOW):
            mosaic = TO_FOLLOW
        found.append(Child(mosaic, age))
    parsed.answers["children"] = tuple(found)


def _clock_time(
    parsed: Parsed, name: str, text: str, p: Partnership, now: dt.datetime
) -> dt.datetime | None:
    """A local clock time as the latest such instant that is not in the future."""
    try:
        time = dt.time.fromisoformat(text)
    except ValueError:
        parsed.problems[name] = "time"
        return None
    day = p.calendar.day_of(now)
    at = p.calendar.instant(day, time.replace(tzinfo=None))
    if at > now + dt.timedelta(minutes=1):
        at = p.calendar.instant(day - dt.timedelta(days=1), time.replace(tzinfo=None))
    return at


def _texts(parsed: Parsed, values: Values) -> None:
    for name in TEXT_LIMITS:
        if name in values:
            parsed.answers[name] = values[name].strip()


def read_brief(
    values: Values, p: Partnership, now: dt.datetime, opened_at: dt.datetime | None = None
) -> tuple[Intake, dict[str, str]]:
    """Step one, or the immediate door: the intake as far as it goes, and what is wrong with it."""
    parsed = Parsed()
    _children(parsed, values)
    _texts(parsed, values)
    _choice(parsed, values, "district", p.district)
    _choice(parsed, values, "child_location", CHILD_LOCATIONS)
    _choice(parsed, values, "safe_now", SAFE_NOW)
    _choice(parsed, values, "referrer_group", p.group)
    _choice(parsed, values, "scope", SCOPES)
    tests = p.tests_on(p.calendar.day_of(now))
    _choice(parsed, values, "test", tests)
    _needs(parsed, values, p)
    received = opened_at or now
    if text := values.get("received_time", ""):
        received = _clock_time(parsed, "received_at", text, p, now) or received
    if not values.get("referrer_group") and "seen_heard" in values and "safe_now" in values:
        parsed.problems["referrer_group"] = "required"
    answers = parsed.answers
    answers.setdefault("test", tests[0] if tests else "first_test")
    base: dict[str, Any] = {
        "received_at": received,
        "district": "",
        "child_location": "",
        "seen_heard": "",
    }
    return Intake(**{**base, **answers}), parsed.problems


def _needs(parsed: Parsed, values: Values, p: Partnership) -> None:
    if "needs" not in values:
        return
    codes = tuple(filter(None, values["needs"].split(",")))
    if any(code not in p.need for code in codes):
        parsed.problems["needs"] = "choice"
    parsed.answers["needs"] = tuple(c for c in dict.fromkeys(codes) if c in p.need)


def read_rest(values: Values, before: Intake, p: Partnership, now: dt.datetime) -> Parsed:
    """Step two, as changes to `before`. What was left empty is left as it was."""
    parsed = Parsed()
    _texts(parsed, values)
    _choice(parsed, values, "contact_method", CONTACT_METHODS)
    _choice(parsed, values, "safe_contact", SAFE_CONTACT)
    _choice(parsed, values, "told_family", TOLD_FAMILY)
    _choice(parsed, values, "earlier", EARLIER)
    _choice(parsed, values, "safe_now", SAFE_NOW)
    _choice(parsed, values, "referrer_group", p.group)
    _choice(parsed, values, "district", p.district)
    _choice(parsed, values, "child_location", CHILD_LOCATIONS)
    _choice(parsed, values, "scope", tuple(s for s in SCOPES if s != "adult_only"))
    if not parsed.answers.get("seen_heard"):
        parsed.answers.pop("seen_heard", None)
    if values.get("needs"):
        _needs(parsed, values, p)
    if "position_of_trust" in values:
        parsed.answers["position_of_trust"] = values["position_of_trust"] == "true"
    if text := values.get("call_ended_time", ""):
        at = _clock_time(parsed, "call_ended_at", text, p, now)
        if at:
            parsed.answers["call_ended_at"] = at
    ids = new_ids(values, before)
    parsed.answers["children"] = tuple(
        Child(
            ids.get(n) or values.get(f"child_id_{n}", "").strip() or c.mosaic_id,
            _one_age(values.get(f"child_age_{n}", ""), c.age_band),
        )
        for n, c in enumerate(before.children, 1)
    ) + _more_children(parsed, values)
    return parsed


def _more_children(parsed: Parsed, values: Values) -> tuple[Child, ...]:
    """Children named for the first time in an amendment."""
    found = []
    for n in range(1, MAX_MORE_CHILDREN + 1):
        mosaic, age = values.get(f"more_mosaic_{n}", "").strip(), values.get(f"more_age_{n}", "")
        if not mosaic and not age:
            continue
        if age not in AGE_BANDS:
            parsed.problems["children"] = "age_missing"
        found.append(Child(mosaic or TO_FOLLOW, age))
    return tuple(found)


def new_ids(values: Values, intake: Intake) -> dict[int, str]:
    """Typed Mosaic ids for the children whose id is to follow, by row."""
    return {
        n: values.get(f"new_id_{n}", "").strip()
        for n, child in enumerate(intake.children, 1)
        if child.to_follow
    }


def _one_age(value: str, before: str) -> str:
    return value if value in AGE_BANDS else before


_REST_CHOICES = ("contact_method", "safe_contact", "told_family", "earlier")


def rest_values(intake: Intake, p: Partnership) -> dict[str, str]:
    """What is already known, as input values for step two."""
    out = {name: getattr(intake, name) for name in TEXT_LIMITS}
    for name in (*_REST_CHOICES, "safe_now", "district", "child_location", "scope"):
        out[name] = getattr(intake, name)
    out["position_of_trust"] = "true" if intake.position_of_trust else "false"
    out["needs"] = ",".join(intake.needs)
    out["referrer_group"] = intake.referrer_group
    if intake.call_ended_at:
        out["call_ended_time"] = w.clock(p.calendar.local(intake.call_ended_at))
    return out


def identifiers_in(
    texts: Mapping[str, str], today: dt.date
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Sentences by field for what should be taken out, and the kinds found."""
    problems: dict[str, str] = {}
    kinds: list[str] = []
    for name, text in texts.items():
        for found in find_identifiers(text, today):
            kinds.append(found.kind)
            problems.setdefault(
                name,
                w.IDENTIFIER_FOUND.format(
                    what=w.IDENTIFIERS[found.kind],
                    text=found.text,
                    field=w.FIELDS.get(name, w.FIELD_WORDS).rstrip("?"),
                ),
            )
    return problems, tuple(dict.fromkeys(kinds))


def read_strategy(values: Values) -> ConsiderStrategy | None:
    needed, why = (
        values.get("strategy_needed", ""),
        values.get("strategy_why", "").strip()[:LIMIT_RELEVANT],
    )
    if needed not in ("yes", "no"):
        return None
    return ConsiderStrategy(needed == "yes", why)


def read_sharing(values: Values, p: Partnership, today: dt.date) -> Sharing | None:
    decision = values.get("sharing", "")
    basis = values.get("basis", "") or p.default_sharing_basis
    if decision not in SHARING_DECISIONS or basis not in {b.code for b in p.bases_on(today)}:
        return None
    why = values.get("share_why", "").strip()[:LIMIT_LINE]
    if decision == "shared" and not why:
        why = p.default_sharing_reason
    return Sharing(decision, basis, why)


def default_sharing(p: Partnership, today: dt.date) -> Sharing:
    """What the one box records: shared, on the configured basis where it is in force."""
    in_force = [b.code for b in p.bases_on(today)]
    basis = p.default_sharing_basis if p.default_sharing_basis in in_force else in_force[0]
    return Sharing("shared", basis, p.default_sharing_reason)


def read_huddle_rows(values: Values, p: Partnership) -> tuple[HuddleRow, ...] | str:
    """What was said, by agency; an agency with no answer and no words was not talked about."""
    rows = []
    for agency in p.agencies:
        said = values.get(f"said_{agency.code}", "").strip()
        known = values.get(f"known_{agency.code}", "") or ("known" if said else "")
        if not known:
            continue
        if len(said) > LIMIT_LINE:
            return "huddle_too_long"
        rows.append(HuddleRow(agency.code, known, said))
    return tuple(rows)


def read_huddle_plan(
    values: Values, p: Partnership, needs: tuple[str, ...], lead: str, today: dt.date
) -> tuple[Action, ...] | str:
    """The actions with words; owner, need and date are the usual ones where none was chosen."""
    usual = p.calendar.next_working_day(today).isoformat()
    filled: dict[str, str] = dict(values)
    for n in range(1, MAX_ACTIONS + 1):
        owner = values.get(f"owner_{n}", "") or lead
        person = p.person(owner)
        filled[f"owner_{n}"] = owner
        filled[f"agency_{n}"] = person.agency if person else ""
        filled[f"need_{n}"] = values.get(f"need_{n}", "") or (needs[0] if needs else "")
        filled[f"due_{n}"] = values.get(f"due_{n}", "") or usual
    return read_plan(filled, p, needs, today)


def read_told_family(values: Values, before: Intake) -> dict[str, Any]:
    """The answer about the family, where a dialog had to ask for it."""
    told = values.get("told_family", "")
    if before.told_family or told not in TOLD_FAMILY:
        return {}
    why = values.get("told_family_reason", "").strip()[:LIMIT_LINE]
    return {"told_family": told, **({"told_family_reason": why} if why else {})}


def read_clock_time(text: str, p: Partnership, now: dt.datetime) -> dt.datetime | None:
    """A local clock time as the latest such instant that is not in the future; None if none."""
    return _clock_time(Parsed(), "time", text.strip(), p, now)


_DUE_WITHIN_DAYS = 366
"""Further off than a year is a mistyped date."""


def read_plan(
    values: Values, p: Partnership, needs: tuple[str, ...], today: dt.date
) -> tuple[Action, ...] | str:
    """The rows with an action typed, or the code of what is wrong."""
    rows = []
    for n in range(1, MAX_ACTIONS + 1):
        action = values.get(f"action_{n}", "").strip()
        if not action:
            continue
        if len(action) > LIMIT_LINE:
            return "action_too_long"
        owner_name = values.get(f"owner_name_{n}", "").strip()[:60]
        owner = "" if owner_name else values.get(f"owner_{n}", "")
        if owner and p.person(owner) is None:
            return "action_owner"
        if not owner and not owner_name:
            return "action_owner"
        need, agency = values.get(f"need_{n}", ""), values.get(f"agency_{n}", "")
        if need not in (needs or p.need):
            return "action_need"
        if p.agency.find(agency) is None:
            return "action_agency"
        try:
            due = dt.date.fromisoformat(values.get(f"due_{n}", ""))
        except ValueError:
            return "action_due"
        if abs((due - today).days) > _DUE_WITHIN_DAYS:
            return "action_due_year"
        rows.append(Action(action, need, owner, owner_name, agency, due))
    return tuple(rows)
