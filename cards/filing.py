"""Add to record: a message of the thread, filed as fact, view or decision with one tap."""

from __future__ import annotations

from bot.domain.referral import Referral
from bot.domain.vocabulary import FILED_AS
from cards import wording as w
from cards.context import View, data_of
from cards.kit import Json, actions, card, heading, problem, runs, small, submit, text

_SHOWN = 2000


def file_dialog(
    referral: Referral,
    view: View,
    message: dict[str, str],
    author: str,
    time: str,
    *,
    masked: str = "",
) -> Json:
    """`message` holds its id and its words; only the id goes back with the tap, and Teams sends
    the words again. `masked` says what was left out of them.
    """
    data = {**data_of(referral), "message": message["message"]}
    words = message["text"]
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    by = w.sentence(w.FILE_BY, author=author, time=time)
    return card(
        [
            heading(w.FILE_HEAD.format(ref=referral.reference)),
            runs((f"{by} ", True), (shown, False)),
            problem(masked),
            None if view.partnership.record_thread else small(w.FILE_LATER),
            text(w.FILE_WHAT),
            actions(
                *(
                    submit(w.FILED_AS[kind], "file.save", {**data, "as": kind}, inputs=False)
                    for kind in FILED_AS
                )
            ),
        ]
    )
