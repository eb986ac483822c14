"""What could not be posted, and the button that has it tried again."""

from __future__ import annotations

from dataclasses import dataclass

from cards import wording as w
from cards.kit import Json, actions, box, execute, problem

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many messages could not be posted, and of which referrals."""

    count: int
    references: tuple[str, ...]


def unsent_rows(unsent: Unsent | None) -> list[Json | None]:
    """One line and one button; nothing where there is nothing."""
    if unsent is None or not unsent.count:
        return []
    words = w.UNSENT.format(count=w.count(unsent.count, "message"), refs=_named(unsent))
    button = execute(w.B_TRY_AGAIN, "unsent.again", {})
    return [box([problem(words), actions(button)])]


def tried_again(unsent: Unsent) -> str:
    return w.UNSENT_AGAIN.format(count=w.count(unsent.count, "message"), refs=_named(unsent))


def _named(unsent: Unsent) -> str:
    refs, more = unsent.references[:_MOST_NAMED], len(unsent.references) - _MOST_NAMED
    return w.join([*refs, w.UNSENT_MORE.format(n=more)] if more > 0 else refs)
