"""What could not be posted or redrawn, and the button that has it tried again."""

from __future__ import annotations

from dataclasses import dataclass

from cards import wording as w
from cards.kit import Json, actions, box, execute, problem

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many messages could not be posted, and of which referrals. `own`: the kinds of
    the desk's own. `not_sure`: referrals whose briefing may be there. `old`: those with a card that
    Teams does not let be redrawn.
    """

    count: int
    references: tuple[str, ...]
    own: tuple[str, ...] = ()
    not_sure: tuple[str, ...] = ()
    old: tuple[str, ...] = ()


def unsent_rows(unsent: Unsent | None) -> list[Json | None]:
    """A line for each kind, and one button; nothing where there is nothing."""
    if unsent is None or not (lines := _lines(unsent)):
        return []
    button = execute(w.B_TRY_AGAIN, "unsent.again", {})
    return [box([*map(problem, lines), actions(button)])]


def _lines(unsent: Unsent) -> list[str]:
    return _said(unsent, w.UNSENT, w.NOT_SURE, w.CARDS_OLD)


def tried_again(unsent: Unsent) -> str:
    lines = _said(unsent, w.UNSENT_AGAIN, w.NOT_SURE_AGAIN, w.CARDS_OLD_AGAIN)
    return " ".join([*lines, w.UNSENT_STANDS])


def _said(unsent: Unsent, unposted: str, not_sure: str, old: str) -> list[str]:
    """A sentence for each kind there is."""
    lines = []
    if unsent.count:
        lines.append(unposted.format(count=_messages(unsent), refs=_unsent(unsent)))
    if unsent.not_sure:
        lines.append(not_sure.format(refs=_named(unsent.not_sure)))
    if unsent.old:
        lines.append(old.format(refs=_named(unsent.old)))
    return lines


def _messages(unsent: Unsent) -> str:
    return w.count(unsent.count, "message")


def _unsent(unsent: Unsent) -> str:
    own = dict.fromkeys(w.OF_THE_DESK[kind] for kind in unsent.own)
    return w.join([*_listed(unsent.references), *own])


def _named(names: tuple[str, ...]) -> str:
    return w.join(_listed(names))


def _listed(names: tuple[str, ...]) -> list[str]:
    shown, more = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    return [*shown, w.UNSENT_MORE.format(n=more)] if more > 0 else list(shown)
