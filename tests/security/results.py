"""What the whole of the hostile tests found, kept for whoever approves the bot."""

from __future__ import annotations

import datetime as dt
import json
import platform
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("results.json")


def write_result(name: str, counted: dict[str, Any]) -> None:
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    day = dt.datetime.now(dt.UTC).date().isoformat()
    kept[name] = {**counted, "day": day, "python": platform.python_version()}
    FILE.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
