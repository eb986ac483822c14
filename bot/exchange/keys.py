"""Keys that stay the same when the same thing comes again in a later file."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter


def digest(*parts: str, secret: bytes = b"") -> str:
    """SHA-256 in hexadecimal, keyed when a secret is given; parts cannot run into each other."""
    whole = b"".join(b"%d:%s" % (len(raw), raw) for raw in (p.encode() for p in parts))
    return hmac.new(secret, whole, "sha256").hexdigest() if secret else _plain(whole)


def _plain(whole: bytes) -> str:
    return hashlib.sha256(whole).hexdigest()


class Occurrences:
    """Numbers equal rows of one file, so that two equal calls stay two and a re-import adds none.

    The first of them has the same key in every file, and so has the second, and so on.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def key(self, *parts: str) -> str:
        base = digest(*parts)
        self._seen[base] += 1
        return digest(base, str(self._seen[base]))
