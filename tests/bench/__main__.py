"""`make bench`: what is promised about cost, as ratios in one run. Exit 1 where one is broken."""

from __future__ import annotations

import asyncio
import sys

from tests.bench import waiting, week


async def main() -> int:
    wait = await waiting.measured()
    print(wait, flush=True)
    lines = [await week.on_sqlite(1_000, 100_000), await week.on_azurite(1_000, 10_000)]
    for line in lines:
        print(line, flush=True)
    slower = any(isinstance(line, week.Line) and line.ratio > week.LIMIT for line in lines)
    return int(slower or wait.broken)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
