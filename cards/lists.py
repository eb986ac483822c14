"""`mine`, `open` and `help`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.next_step import NextStep
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM, Role
from cards import wording as w
from cards.buttons import next_actions
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    box,
    card,
    heading,
    link,
    open_dialog,
    problem,
    runs,
    small,
    text,
)
from cards.unsent import Unsent, unsent_rows

_MOST = 20


def list_card(
    title: str,
    rows: Sequence[tuple[Referral, NextStep, str]],
    view: View,
    unsent: Unsent | None = None,
    *,
    done: str = "",
    unread: int = 0,
) -> Json:
    """`rows` are (referral, what it waits for, link to its thread), late ones first. `done`: what
    was just done, said first. `unread`: how many more there are that could not be read.
    """
    body: list[Json | None] = [text(done) if done else None]
    body += [heading(title.format(n=len(rows))), *unsent_rows(unsent)]
    if unread:
        body.append(problem(w.LIST_UNREAD.format(n=unread)))
    elif not rows:
        body.append(text(w.LIST_EMPTY))
    for referral, step, url in rows[:_MOST]:
        body.append(_row(referral, step, url, view))
    if len(rows) > _MOST:
        body.append(small(w.LIST_MORE.format(n=len(rows) - _MOST)))
    return card(body, wide=False)


def _row(referral: Referral, step: NextStep, url: str, view: View) -> Json | None:
    view = view.of(referral)
    who = w.join([view.name(i) for i in step.who], "or") or w.SOMEONE
    line = w.LIST_LINE.format(step=w.STEPS[step.code], who=who, due=view.when(step.due_at))
    late = (w.LATE + ". ", True) if view.now > step.due_at else None
    buttons: list[Json | None] = [link(w.B_OPEN_THREAD, url)] if url else []
    if view.viewer is not None and view.viewer.role in DUTY_TEAM:
        mine = next((b for b in next_actions(referral, view) if b.dialog), None)
        title, verb = (mine.title, mine.verb) if mine else (w.B_MORE, "more.open")
        buttons.append(open_dialog(title, verb, data_of(referral)))
    return box(
        [runs((f"{referral.reference}  ", True), late, (line, False)), actions(*buttons)],
        separator=True,
        spacing="Small",
    )


def help_text(view: View, unknown: str = "") -> str:
    """Three lines, one more for those who run the day. Plain text."""
    lines = [w.NOT_UNDERSTOOD.format(text=unknown[:60])] if unknown else []
    lines += w.HELP
    managers = (Role.DUTY_MANAGER, Role.MANAGER)
    if view.viewer is not None and view.viewer.role in managers:
        lines.append(w.HELP_MANAGER)
    if view.viewer is not None and view.viewer.role is Role.RECORDS_OFFICER:
        lines.append(w.HELP_RECORDS)
    return "\n\n".join(lines)
