"""`make bench`: what is promised about cost, as ratios in one run. Exit 1 where one is broken.

python -m tests.bench                    every part
python -m tests.bench peers claim        these
python -m tests.bench county --minutes 1
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.bench import azurite, claiming, costs, county, echoing, results, start
from tests.bench.results import Part

PARTS: dict[str, Callable[[float], Awaitable[Part]]] = {
    "peers": lambda minutes: echoing.measured(),
    "claim": lambda minutes: claiming.measured(),
    "azurite": lambda minutes: azurite.measured(),
    "county": county.measured,
    "start": lambda minutes: start.measured(),
    "waiting": lambda minutes: costs.waited(),
    "week": lambda minutes: costs.weeks(),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all when none is named")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long a county presses")
    return parser


async def main(argv: list[str]) -> int:
    arguments = _parser().parse_args(argv)
    broken = False
    for name in arguments.parts or PARTS:
        part = await PARTS[name](arguments.minutes)
        results.written(part)
        print(results.markdown(part), end="\n\n", flush=True)
        broken |= part.broken
    return int(broken)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
