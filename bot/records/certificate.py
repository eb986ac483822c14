"""The paper that says what an erasure took.

Kept in the store as it goes: a head, and a row for each referral, because a year's erasure is more
than one row holds.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.desk.ports import Row, Rows
from bot.store.codec import joined_text, text_props

FORMAT = 1
_TABLE, HEADS = "Index", "certificates"


@dataclass(frozen=True, slots=True)
class Erased:
    """One referral. `rows` had their words taken out, `keys` were destroyed."""

    case: str
    reference: str
    ended_on: str
    rows: int
    keys: int
    commits_with_words_left: int = 0


@dataclass(slots=True)
class Certificate:
    """Names no child and holds nobody's words. `left`: reference and why it stayed after all.
    `ended_at` is empty while it goes on, and for good where the run died.
    """

    id: str
    by: str
    started_at: str
    words_days_after_closing: int
    erased: list[Erased] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    refused_presses: int = 0
    left: list[dict[str, str]] = field(default_factory=list)
    ended_at: str = ""
    format: int = FORMAT

    def leave(self, reference: str, because: str) -> None:
        self.left.append({"reference": reference, "because": because})

    def dumped(self) -> dict[str, Any]:
        """With a digest of the rest, so that a slip shows; anybody can make it again."""
        whole = asdict(self)
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
        return {**whole, "sha256": hashlib.sha256(text.encode()).hexdigest()}


async def keep_head(rows: Rows, certificate: Certificate) -> None:
    """Everything but the referrals, with the digest of the whole. Raises StoreUnavailable."""
    head = {k: v for k, v in certificate.dumped().items() if k != "erased"}
    text = json.dumps(head, ensure_ascii=False)
    await rows.put(Row(_TABLE, HEADS, certificate.id, text_props("certificate", text)))


async def keep_erased(rows: Rows, certificate: Certificate, erased: Erased) -> None:
    """Raises StoreUnavailable."""
    text = json.dumps(asdict(erased), ensure_ascii=False)
    await rows.put(Row(_TABLE, _lines_of(certificate.id), erased.case, {"erased": text}))


async def kept(rows: Rows, certificate_id: str) -> Certificate | None:
    """As the store has it; None for one it never had."""
    row = await rows.get(_TABLE, HEADS, certificate_id)
    if row is None:
        return None
    head = json.loads(joined_text("certificate", row.props))
    del head["sha256"]
    lines = await rows.query(_TABLE, _lines_of(certificate_id))
    erased = [Erased(**json.loads(str(line.props["erased"]))) for line in lines]
    return Certificate(**head, erased=erased)


async def erased_by(rows: Rows) -> dict[str, str]:
    """By certificate: who looked at the plan and had it carried out."""
    heads = await rows.query(_TABLE, HEADS)
    return {row.key: json.loads(joined_text("certificate", row.props))["by"] for row in heads}


def _lines_of(certificate_id: str) -> str:
    return f"certificate-{certificate_id}"
