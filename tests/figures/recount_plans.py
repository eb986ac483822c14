"""The plan's ten points and the actions done, again from their definitions."""

from __future__ import annotations

import datetime as dt

from tests.figures.recount_log import Counted, Json
from tests.figures.recount_time import local_day

VAGUE = ("monitor", "liaise", "support", "signpost", "follow up")
FEWEST_WORDS = 5
DAYS_FOR_AN_ACTION = 28


def graded(good: int, of: int) -> int:
    """2 for all, 1 for at least half, else 0."""
    if of == 0 or 2 * good < of:
        return 0
    return 2 if good == of else 1


def _specific(action: Json) -> bool:
    text = action["action"].strip().lower()
    return len(text.split()) >= FEWEST_WORDS and not text.startswith(VAGUE)


def _owned(action: Json) -> bool:
    return bool(action["owner"] or action["owner_name"].strip())


def _timed(action: Json, picked_on: dt.date) -> bool:
    due = dt.date.fromisoformat(action["due_on"])
    return picked_on <= due <= picked_on + dt.timedelta(days=DAYS_FOR_AN_ACTION)


def _shared(c: Counted, plan: Json) -> int:
    view = c.intake["child_view"].strip()
    given = [
        bool(view) and not view.lower().startswith("not asked"),
        bool(plan["family_view"].strip()),
        bool(plan["next_step"].strip()),
    ]
    return {3: 2, 2: 1}.get(sum(given), 0)


def plan_score(c: Counted) -> int | None:
    if c.plan is None or c.pick is None:
        return None
    actions, picked_on = c.plan["actions"], local_day(c.pick.picked_at)
    needs, met = set(c.intake["needs"]), {a["need"] for a in actions}
    return sum(
        (
            graded(sum(map(_specific, actions)), len(actions)),
            graded(sum(map(_owned, actions)), len(actions)),
            graded(sum(_timed(a, picked_on) for a in actions), len(actions)),
            graded(len(needs & met), len(needs)),
            _shared(c, c.plan),
        )
    )


def in_time_and_due(c: Counted, as_at: dt.datetime) -> tuple[int, int]:
    """Actions done by their date, of those whose date has passed or that are done."""
    in_time = of = 0
    left = list(c.done)
    for action in c.plan["actions"] if c.plan else ():
        due = dt.date.fromisoformat(action["due_on"])
        mine = next((d for d in left if d[0] == action), None)
        if mine:
            left.remove(mine)
            in_time += local_day(mine[1]) <= due
        of += mine is not None or due < local_day(as_at)
    return in_time, of
