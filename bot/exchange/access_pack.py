"""A child's referrals as a person answering an access request needs them: a line a statement, with
whose it is, and room to say what is withheld and why. Nothing is left out and nothing is decided.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain import events as ev
from bot.domain.events import WORD_FIELDS, Recorded
from bot.domain.intake import Child
from bot.domain.referral import Contribution, Referral
from bot.exchange.sheet import Cell, Sheet
from cards import wording as w
from cards.case_note import note_for
from cards.changes import field_words, value_words
from cards.context import View
from cards.history import deed

Statement = tuple[str, str]
"""What it answers, and the words or the answer."""


def everything(referral: Referral, told: Sequence[tuple[Recorded, View]]) -> Sheet:
    """Every event, with every word in it and every answer of the form; each with the view that
    knows people as they were when it happened.
    """
    rows: list[tuple[Cell, ...]] = []
    for item, view in told:
        said = [*_whose(item, referral, view), *statements(item.event, view)] or [("", "")]
        rows += [_row(len(rows) + n, item, view, one) for n, one in enumerate(said, 1)]
    return Sheet(referral.reference, w.PACK_HEADS, tuple(rows), w.PACK_NOTES)


def _row(n: int, item: Recorded, view: View, said: Statement) -> tuple[Cell, ...]:
    local = view.local(item.at)
    person = view.partnership.person(item.by)
    role = w.ROLES.get(str(person.role), "") if person else ""
    agency = view.agency(person.agency) if person and person.agency != "-" else ""
    who, did = view.name(item.by), deed(item, view)
    return (n, local.date(), f"{local:%H:%M}", who, role, agency, did, *said, "", "")


# What an event says -----------------------------------------------------------------------


def statements(event: Any, view: View) -> Iterator[Statement]:
    """People's words wherever they stand in an event, the answers of the form, and what was
    decided with them.
    """
    match event:
        case ev.Action():
            yield from _action(event, view)
        case ev.Sharing():
            yield from _sharing(event, view)
        case _:
            yield from _fields(event, view)


def _fields(event: Any, view: View) -> Iterator[Statement]:
    yield from _codes(event, view)
    for name, value in _parts(event):
        if name in w.FIELDS and _answers(name, value):
            yield _label(name), value_words(name, value, view)
        elif isinstance(value, str) and name in WORD_FIELDS and value:
            yield _label(name), value
        else:
            for inner in value if isinstance(value, tuple) else (value,):
                if dataclasses.is_dataclass(inner):
                    yield from statements(inner, view)


def _codes(event: Any, view: View) -> Iterator[Statement]:
    """What the words of the deed leave out."""
    match event:
        case ev.OutcomeProposed(per_child=per_child) | ev.OutcomeCorrected(per_child=per_child):
            for mosaic_id, code in per_child:
                yield w.PACK_OUTCOME_FOR.format(mosaic_id=mosaic_id), view.outcome(code)
        case ev.FeedbackSent(method=method):
            yield w.PACK_HOW, w.TOLD_BY.get(method, method)
        case ev.MessageFiled(author=author, author_name="") if author:
            yield _label("author_name"), view.name(author)
        case ev.PoliceContactRecorded(rang_by=rang_by, rang_by_name="") if rang_by:
            yield _label("rang_by_name"), view.name(rang_by)
        case ev.StrategyHeld(attended=attended):
            yield w.PACK_ATTENDED, w.join([view.agency(a) for a in attended])


def _action(action: ev.Action, view: View) -> Iterator[Statement]:
    owner = action.owner_name or (view.name(action.owner) if action.owner else "")
    lines = (
        (_label("action"), action.action),
        (w.PACK_NEED, view.need(action.need)),
        (_label("owner_name"), owner),
        (w.PACK_OWNER_AGENCY, view.agency(action.owner_agency)),
        (w.PACK_DUE, w.whole_day(action.due_on)),
    )
    yield from ((label, said) for label, said in lines if said)


def _sharing(sharing: ev.Sharing, view: View) -> Iterator[Statement]:
    basis = view.partnership.basis.find(sharing.basis)
    decision = w.SHARED.get(sharing.decision, sharing.decision)
    yield w.PACK_SHARING, w.first_upper(decision)
    if sharing.basis:
        yield w.PACK_BASIS, basis.label if basis else sharing.basis
    if sharing.reason:
        yield w.PACK_SHARING_WHY, sharing.reason


def _whose(item: Recorded, referral: Referral, view: View) -> list[Statement]:
    """Whose line it is, and whether they have answered for what others logged."""
    if not isinstance(item.event, ev.ContributionAdded):
        return []
    mine = (
        c for c in referral.contributions if (c.said, c.by, c.at) == (item.event, item.by, item.at)
    )
    line = next(mine, None) or Contribution(item.event, item.by, item.at)
    return [(w.PACK_WHOSE, _said_for(line, view))]


def _said_for(line: Contribution, view: View) -> str:
    values = {"agency": view.agency(line.said.agency), "name": view.name(line.by)}
    if not line.said.on_behalf:
        return w.PACK_OWN_LINE.format(**values)
    if line.said.known == "no_rep_today":
        return w.PACK_ABSENT_LINE.format(**values)
    ended = w.PACK_NOT_CONFIRMED
    for template, by, at in (
        (w.PACK_CONFIRMED, line.confirmed_by, line.confirmed_at),
        (w.PACK_PUT_RIGHT, line.corrected_by, line.corrected_at),
    ):
        if at:
            ended = template.format(by=view.name(by), time=view.when(at))
    return w.PACK_LINE_FOR.format(ended=ended, **values)


def _answers(name: str, value: Any) -> bool:
    """Whether something was answered. Some events name children by their ids alone."""
    if name == "children":
        return bool(value) and isinstance(value[0], Child)
    return value not in ("", None, (), False)


def _parts(event: Any) -> Iterator[tuple[str, Any]]:
    """Fields of an event; the answers of an amendment stand for themselves."""
    for field in dataclasses.fields(event):
        value = getattr(event, field.name)
        if isinstance(value, dict):
            yield from value.items()
        else:
            yield field.name, value


def _label(name: str) -> str:
    return w.PACK_FIELDS.get(name) or field_words(name)


# The case note ----------------------------------------------------------------------------


def children_of(referral: Referral, mosaic_id: str) -> list[Child]:
    """The child; of a referral that no longer names the child, everybody it names."""
    children = referral.asked.children
    return [c for c in children if c.mosaic_id == mosaic_id] or list(children)


def about_alone(referral: Referral, mosaic_id: str) -> Referral:
    """Without what earlier answers said of the other children, where it still names the child."""
    if mosaic_id not in referral.asked.mosaic_ids:
        return referral
    kept = tuple(
        dataclasses.replace(
            a, before=tuple(c for c in a.before if c.to_follow or c.mosaic_id == mosaic_id)
        )
        if a.field == "children"
        else a
        for a in referral.amendments
    )
    return dataclasses.replace(referral, amendments=kept)


def notes_of(referral: Referral, mosaic_id: str, view: View) -> str:
    """The child's own case note. Where its words were erased that is said, instead of a note of
    empty lines.
    """
    erased = referral.words_erased_at
    if erased is None:
        return _notes(referral, mosaic_id, view)
    day = w.whole_day(view.local(erased).date())
    days = view.partnership.words_days_after_closing
    words = w.PACK_ERASED.format(ref=referral.reference, said=w.ERASED.format(day=day, days=days))
    if referral.words_gone:
        return f"{words}\n"
    return f"{words}\n\n{_notes(referral, mosaic_id, view)}"


def _notes(referral: Referral, mosaic_id: str, view: View) -> str:
    children = children_of(referral, mosaic_id)
    return "\n\n\n".join(note_for(child, referral, view) for child in children) + "\n"
