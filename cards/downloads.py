"""Which file of the figures a manager wants."""

from __future__ import annotations

from bot.domain.periods import TEST, Period
from cards import wording as w
from cards.kit import Json, actions, card, execute, heading, small, text
from cards.stats import period_data, period_title


def download_card(period: Period) -> Json:
    data = period_data(period)
    body: list[Json | None] = [heading(w.DOWNLOAD_HEAD), small(period_title(period))]
    for kind, title in w.B_FILES.items():
        if kind == "picture" and period.kind == TEST:
            continue  # beside the pictures of its weeks it would tell small numbers
        body.append(text(w.FILE_ABOUT[kind].format(period=w.FILE_THESE_DAYS), spacing="Medium"))
        body.append(actions(execute(title, "stats.file", {**data, "file": kind})))
    return card(
        [*body, small(w.DOWNLOAD_NOTE), actions(execute(w.B_BACK, "stats.week", data))],
        wide=False,
    )
