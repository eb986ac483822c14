"""The roster: who is on it, and forms to add, change and take off. In a manager's own chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.events import Recorded, RosterAdded, RosterChanged, RosterEvent, RosterRemoved
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.roster import Member, Roster, may_be_changed, on_roster
from bot.domain.vocabulary import HOST_TENANT, Role
from cards import wording as w
from cards.context import View
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    heading,
    link,
    problem,
    runs,
    small,
    text,
    text_input,
)

Leads = Sequence[tuple[Referral, str]]
"""(referral, link to its thread)."""

MOST_CHOICES = 100
"""More people than this are found by name first."""
_MOST_LINES = 100
_CHANGES_SHOWN = 5
ROLES = (
    Role.MASHO,
    Role.REP,
    Role.DUTY_SOCIAL_WORKER,
    Role.DUTY_MANAGER,
    Role.ASSESSMENT_TEAM,
)
"""In the order people choose from."""


def roster_card(view: View, roster: Roster, leads: Leads, *, done: str = "", top: str = "") -> Json:
    """Everybody by agency. `leads`: referrals whose lead has no role any more; `done` says what was
    just changed, `top` why it was not.
    """
    people = on_roster(view.partnership)
    return card(
        [
            problem(top),
            runs((done, True)) if done else None,
            heading(w.ROSTER_HEAD.format(n=w.count(len(people), "person", "people"))),
            *_needs_lead(leads, view),
            *_by_agency(people[:_MOST_LINES], view),
            small(w.LIST_MORE.format(n=len(people) - _MOST_LINES))
            if len(people) > _MOST_LINES
            else None,
            None if people else text(w.ROSTER_NOBODY),
            *_changes(roster, view),
            small(_entra(view, w.ROSTER_ENTRA)) if view.partnership.groups else None,
            actions(
                execute(w.B_ROSTER_ADD, "roster.add", {}),
                execute(w.B_ROSTER_PICK, "roster.pick", {}),
            ),
        ],
        wide=False,
    )


def _entra(view: View, words: str) -> str:
    return words.format(host=view.partnership.tenant_labels[HOST_TENANT])


def _needs_lead(leads: Leads, view: View) -> list[Json | None]:
    if not leads:
        return []
    rows = []
    for referral, url in leads:
        line = runs((f"{referral.reference}  ", True), (view.name(referral.lead), False))
        rows += [line, actions(link(w.B_OPEN_THREAD, url)) if url else None]
    return [box([text(w.ROSTER_NEEDS_LEAD, weight="Bolder"), *rows], style="warning")]


def _by_agency(people: Sequence[Person], view: View) -> list[Json | None]:
    """In the configuration's order of agencies."""
    found: dict[str, list[Person]] = {a.code: [] for a in view.partnership.agencies}
    for person in people:
        found.setdefault(person.agency, []).append(person)
    out = []
    for code, those in found.items():
        if those:
            lines = [_line(p, view) for p in those]
            out.append(box([runs((view.agency(code), True)), *lines], spacing="Small"))
    return out


def _line(person: Person, view: View) -> Json:
    about = [w.first_lower(w.ROLES[person.role])]
    if person.tenant != HOST_TENANT:
        about.append(view.partnership.tenant_labels[person.tenant])
    away = person.id in view.today.absent
    return runs(
        (f"{person.name}, {', '.join(about)}", False),
        (f". {w.ROSTER_AWAY}", True) if away else None,
        spacing="None",
    )


def _changes(roster: Roster, view: View) -> list[Json | None]:
    if not roster.changes:
        return []
    latest = reversed(roster.changes[-_CHANGES_SHOWN:])
    lines = [runs((_did(c, view), False), size="Small", spacing="None") for c in latest]
    return [box([text(w.ROSTER_CHANGES, weight="Bolder"), *lines], separator=True)]


def _did(item: Recorded, view: View) -> str:
    assert isinstance(item.event, RosterAdded | RosterChanged | RosterRemoved)
    words = _about(w.ROSTER_DID[item.event.TYPE], item.event, view)
    return words.format(when=view.when(item.at), by=view.name(item.by), name=item.event.name)


def _about(template: str, event: RosterEvent, view: View) -> str:
    """With role and agency filled in; names are left, which may hold braces."""
    role, agency = w.first_lower(w.ROLES[event.role]), view.agency(event.agency)
    return template.replace("{role}", _escaped(role)).replace("{agency}", _escaped(agency))


def _escaped(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def done_words(event: RosterEvent, view: View, without_reps: Sequence[str] = ()) -> str:
    """What was changed, for whoever changed it, and which core agencies nobody speaks for now."""
    done = w.sentence(_about(w.ROSTER_DONE[event.TYPE], event, view), name=event.name)
    if not without_reps:
        return done
    agencies = w.join([w.first_lower(view.agency(code)) for code in without_reps])
    return f"{done} {w.ROSTER_NO_REP.format(agencies=agencies)}"


def same_words(person: Person, view: View) -> str:
    role, agency = w.first_lower(w.ROLES[person.role]), view.agency(person.agency)
    return w.ROSTER_SAME.format(name=person.name, role=role, agency=agency)


# Forms ------------------------------------------------------------------------------


def add_card(
    view: View, members: Sequence[Member], drawn: int, answers: Mapping[str, str], *, top: str = ""
) -> Json:
    """`members` may be added to version `drawn` of the roster. Where they are many, those whose
    name holds what was typed.
    """
    find = answers.get("find", "").strip().casefold()
    shown = [m for m in members if find in m.name.casefold()]
    body: list[Json | None] = [problem(top), heading(w.ROSTER_ADD_HEAD)]
    if view.partnership.groups:
        body.append(small(_entra(view, w.ROSTER_ADD_ENTRA)))
    if not shown and not find:
        return card([*body, text(w.ROSTER_ADD_NOBODY), actions(_back())], wide=False)
    if len(members) > MOST_CHOICES:
        body += [
            text(w.ROSTER_MANY.format(n=len(members))),
            text_input("find", w.ROSTER_FIND, value=answers.get("find", ""), most=60),
            actions(execute(w.B_ROSTER_FIND, "roster.add", {})),
        ]
    else:
        body.append(small(w.ROSTER_ADD_FROM))
    if not shown or len(shown) > MOST_CHOICES:
        return card([*body, actions(_back())], wide=False)
    return card(
        [
            *body,
            choice(
                "person",
                w.ROSTER_WHO,
                _named(shown, view),
                value=answers.get("person", ""),
            ),
            *_role_and_agency(view, answers.get("role", ""), answers.get("agency", "")),
            actions(execute(w.B_ADD, "roster.save", {"v": drawn}, style="positive"), _back()),
        ],
        wide=False,
    )


def _named(members: Sequence[Member], view: View) -> list[tuple[str, str]]:
    """By name and organisation; two of one name with their accounts."""
    names = [(m.name, m.tenant) for m in members]
    labels = view.partnership.tenant_labels
    return [
        (
            m.object_id,
            f"{m.name}, {labels[m.tenant]}"
            + (f" ({m.account})" if names.count((m.name, m.tenant)) > 1 and m.account else ""),
        )
        for m in members
    ]


def _role_and_agency(view: View, role: str, agency: str) -> list[Json]:
    return [
        choice(
            "role",
            w.ROSTER_ROLE,
            [(str(r), w.ROLES[r]) for r in ROLES],
            value=role,
        ),
        choice(
            "agency",
            w.ROSTER_AGENCY,
            [(a.code, a.label) for a in view.partnership.agencies],
            value=agency,
        ),
    ]


def _back() -> Json:
    return execute(w.B_BACK, "roster.open", {}, inputs=False)


def pick_card(view: View, *, top: str = "") -> Json:
    """Whom to change: everybody this viewer may."""
    assert view.viewer is not None
    people = may_be_changed(view.partnership, view.viewer)
    if not people:
        nobody = text(w.ROSTER_PICK_NOBODY)
        return card([heading(w.ROSTER_PICK_HEAD), nobody, actions(_back())], wide=False)
    return card(
        [
            problem(top),
            heading(w.ROSTER_PICK_HEAD),
            choice(
                "person",
                w.ROSTER_WHO,
                [(p.id, f"{p.name}, {view.agency(p.agency)}") for p in people],
            ),
            actions(execute(w.B_ROSTER_NEXT, "roster.person", {}, style="positive"), _back()),
        ],
        wide=False,
    )


def person_card(
    view: View,
    person: Person,
    leads: Leads,
    drawn: int,
    answers: Mapping[str, str],
    *,
    top: str = "",
) -> Json:
    """One person's role and agency in version `drawn` of the roster. `leads`: what they lead."""
    refs = w.join([referral.reference for referral, _ in leads])
    data: Json = {"person": person.id, "v": drawn}
    role, agency = answers.get("role") or str(person.role), answers.get("agency") or person.agency
    return card(
        [
            problem(top),
            runs((person.name, True), size="Medium"),
            small(w.ROSTER_LEADS.format(refs=refs)) if refs else None,
            *_role_and_agency(view, role, agency),
            actions(
                execute(w.B_SAVE, "roster.change", data, style="positive"),
                execute(w.B_ROSTER_OFF, "roster.remove", data, style="destructive", inputs=False),
                _back(),
            ),
        ],
        wide=False,
    )
