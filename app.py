"""Front Door: `python app.py run | serve | rehearse | rebuild`. Nothing is built at import."""

from __future__ import annotations

import gc
import sys

gc.disable()  # importing throws next to nothing away: `python -m tests.bench start`

from bot.command_line import main  # noqa: E402

gc.enable()

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
