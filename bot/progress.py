"""A progress bar for work that takes longer than two seconds, on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.desk.tally_ports import Progress

SHOW_AFTER_S = 2.0


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Give what it yields (done, of) now and then. On stderr, where that is a terminal.

    The time counts from the first it is told.
    """
    began_s: float | None = None
    with ExitStack() as shown:
        bar = None

        def tell(done: int, of: int) -> None:
            nonlocal began_s, bar
            now_s = time.monotonic()
            began_s = now_s if began_s is None else began_s
            if bar is None:
                if now_s - began_s < SHOW_AFTER_S or not sys.stderr.isatty():
                    return
                import click  # read in for those who see the bar alone

                made = click.progressbar(length=of, label=title, file=sys.stderr)
                bar = shown.enter_context(made)
            bar.length = of
            bar.update(done - bar.pos)

        yield tell
