"""The packages the build makes: each one's file name, template and rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from manifest.channel_reading import reads_and_says_so, reads_nothing, record_thread
from manifest.rules import RULES, Rule

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """`change` turns the common template into this package's own."""

    file: str
    about: str
    change: Callable[[Manifest], Manifest]
    rules: tuple[Rule, ...]


def _as_it_is(template: Manifest) -> Manifest:
    """Return the template unchanged."""
    return template


STANDARD = Package(
    "front-door.zip",
    "the one to upload",
    _as_it_is,
    (*RULES, reads_nothing),
)
RECORD_THREAD = Package(
    "front-door-record-thread.zip",
    "instead of it, only where replies in threads are recorded",
    record_thread,
    (*RULES, reads_and_says_so),
)
PACKAGES = (STANDARD, RECORD_THREAD)
