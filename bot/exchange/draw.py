"""A drawing program of its own: a Vega specification on standard input, a PNG on standard output.

Run as `python -m bot.exchange.draw`, apart from the bot, which never imports it: the library holds
a JavaScript engine. It opens nothing: a specification that names an address is refused.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import vl_convert

SCALE = 1.5


def names_an_address(spec: Any) -> bool:
    """The library reads files and images even where it is told of no address it may use."""
    if isinstance(spec, dict):
        return any(k in ("url", "href") or names_an_address(v) for k, v in spec.items())
    return isinstance(spec, list) and any(map(names_an_address, spec))


def draw(spec: dict[str, Any]) -> bytes:
    """Raises ValueError for a specification that cannot be drawn."""
    if names_an_address(spec):
        raise ValueError("a specification names no address")
    return vl_convert.vega_to_png(spec, scale=SCALE, allowed_base_urls=[])


def main() -> int:
    try:
        picture = draw(json.load(sys.stdin.buffer))
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
