"""Front Door: `python app.py run | serve | rehearse | rebuild`. Nothing is built at import."""

from __future__ import annotations

import sys

from bot.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
