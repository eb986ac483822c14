"""Front Door: `python app.py run | serve | rehearse | rebuild`. Nothing is built at import."""

from __future__ import annotations

import gc
import sys

# Importing throws next to nothing away, and what it makes stays: no collection need walk it, then
# or until the bot is ready (`python -m tests.bench start`).
gc.disable()

from bot.command_line import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
