"""`make run`: the rehearsal desk on SQLite, or on an Azurite of its own."""

from __future__ import annotations

import argparse
import sys

from bot.command_line import main as front_door
from tests.tools.azurite import Azurite, missing


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=("sqlite", "azurite"), default="sqlite")
    chosen = parser.parse_args().store
    if chosen == "sqlite":
        return front_door(["run"])
    if why := missing():
        print(f"Azurite cannot run: {why}", file=sys.stderr)
        return 64
    azurite = Azurite()
    azurite.start()
    try:
        return front_door(["run", "--store", azurite.connection_string])
    finally:
        azurite.stop()


if __name__ == "__main__":
    sys.exit(main())
