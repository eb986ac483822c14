"""`app.py serve`, watched: notes every await point it passes, and dies at the one it was told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot import assemble, command_line
from tests.crash.points import Points

FILE, WANTED, TIMES = "CRASH_FILE", "CRASH_AT", "CRASH_TIMES"

if __name__ == "__main__":
    assert assemble  # imported before the watching begins, which would slow it
    watched = Points(
        Path(os.environ[FILE]), os.environ.get(WANTED, ""), int(os.environ.get(TIMES, "1"))
    )
    sys.setprofile(watched)
    sys.exit(command_line.main(sys.argv[1:]))
