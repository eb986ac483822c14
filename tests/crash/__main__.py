"""Kills the bot at every await point of a referral, one run each, and says what became of it.

`python -m tests.crash [--most N] [--at-once 2] [--store azurite]` prints each kill point and its
result, then a count. Exit code: 0 when nothing was lost, done twice or left undone, and every point
was reached.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.crash.killing import Point, Result, killed_at, line_of, spread, undisturbed
from tests.tools.azurite import Azurite

AZURITE, SQLITE = "azurite", "sqlite"


@contextlib.contextmanager
def _new_store(kind: str, folder: Path) -> Iterator[str]:
    if kind == SQLITE:
        yield str(folder / "store.db")
        return
    server = Azurite()
    server.start()
    try:
        yield server.connection_string
    finally:
        server.stop()


async def _whole(kind: str, most: int, at_once: int) -> int:
    with tempfile.TemporaryDirectory(prefix="front-door-crash-") as folder:
        with _new_store(kind, Path(folder)) as store:
            plain = await undisturbed(Path(folder), store)
        points = spread(plain.points, most) if most else list(plain.points)
        print(f"{len(plain.points)} await points, {len(points)} to kill at", flush=True)
        turns = asyncio.Semaphore(at_once)

        async def one(number: int, point: Point) -> Result:
            async with turns:
                own = Path(folder) / str(number)
                own.mkdir()
                with _new_store(kind, own) as store:
                    result = await killed_at(point, plain.outcome, own, store)
                print(line_of(number, result), flush=True)
                return result

        results = await asyncio.gather(*(one(n, p) for n, p in enumerate(points, 1)))
    return _summary(results)


def _summary(results: list[Result]) -> int:
    good = sum(r.died and not r.differences for r in results)
    missed = sum(not r.died for r in results)
    broken = sum(bool(r.differences) for r in results)
    repeated = sum(r.repeated for r in results)
    print(
        f"{len(results)} kill points: {good} made good, {broken} not, {missed} not reached;"
        f" {repeated} posts repeated"
    )
    return 1 if broken or missed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=0, help="that many, spread over the referral")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--store", choices=(SQLITE, AZURITE), default=SQLITE)
    asked = parser.parse_args()
    return asyncio.run(_whole(asked.store, asked.most, asked.at_once))


if __name__ == "__main__":
    raise SystemExit(main())
