"""Finds what must not be in the channel: birth dates, postcodes, phone and NHS numbers, email, UPN.

A pattern check on people's own words. It cannot find names; the form asks for none.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from dataclasses import dataclass

_POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.I)
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.])(?:(?:\+|00)44[ -]{0,2}(?:\(0\)[ -]{0,2})?|\(?0)[1-9]"
    r"(?:[ -]{0,2}\)?[ -]{0,2}\d){8,9}(?!\d)"
)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[A-Z\d]\b", re.I)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORD_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})(?!\d)", re.I
)
_BORN = re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b", re.I)
_BESIDE = 30


_REFERENCE = re.compile(r"\bREF-\d{4}-\d{5}\b", re.I)


def case_numbers(text: str, case_id_pattern: str) -> list[str]:
    """Our references and case-system ids: right on a card, and in no text for somebody outside.

    `case_id_pattern` is a regular expression over a whole id.
    """
    ids = re.finditer(rf"(?<![\w-])(?:{case_id_pattern})(?![\w-])", text)
    return [m[0] for m in (*_REFERENCE.finditer(text), *ids)]


@dataclass(frozen=True, slots=True)
class Identifier:
    """`kind` is a code for wording; `text` is what the person typed."""

    kind: str
    text: str
    start: int
    end: int


def _is_nhs_number(digits: str) -> bool:
    """Modulus 11 check of the NHS Data Dictionary."""
    total = sum(int(d) * (10 - i) for i, d in enumerate(digits[:9]))
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[9])


def _full_year(year: str, today: dt.date) -> int:
    if len(year) == 4:
        return int(year)
    return 2000 + int(year) if 2000 + int(year) <= today.year else 1900 + int(year)


def _dates(text: str, today: dt.date) -> list[tuple[dt.date, int, int]]:
    found = []
    candidates = [
        *((m, m[1], m[2], m[3]) for m in _NUMERIC_DATE.finditer(text)),
        *((m, m[3], m[2], m[1]) for m in _ISO_DATE.finditer(text)),
    ]
    for match in _WORD_DATE.finditer(text):
        month = match[2][:3].lower()
        if month in _MONTHS:
            candidates.append((match, match[1], str(_MONTHS.index(month) + 1), match[3]))
    for match, day, month, year in candidates:
        try:
            date = dt.date(_full_year(year, today), int(month), int(day))
        except ValueError:
            continue
        found.append((date, match.start(), match.end()))
    return found


def _births(text: str, today: dt.date) -> list[Identifier]:
    """A date in the last 12 months is an event, unless it stands beside 'born' or 'DOB'."""
    found = []
    for date, start, end in _dates(text, today):
        beside = _BORN.search(text[max(0, start - _BESIDE) : end + _BESIDE])
        recent = today - dt.timedelta(days=366) <= date
        if beside or (not recent and date <= today):
            found.append(Identifier("date_of_birth", text[start:end], start, end))
    return found


def find_identifiers(text: str, today: dt.date) -> tuple[Identifier, ...]:
    """Identifiers in `text`, in order, never overlapping (the longest wins)."""
    if not text:
        return ()
    found = _births(text, today)
    for kind, pattern in (("email", _EMAIL), ("upn", _UPN), ("postcode", _POSTCODE)):
        found += [Identifier(kind, m[0], m.start(), m.end()) for m in pattern.finditer(text)]
    for match in _TEN_DIGITS.finditer(text):
        if _is_nhs_number(re.sub(r"\D", "", match[0])):
            found.append(Identifier("nhs_number", match[0], match.start(), match.end()))
    found += [Identifier("phone", m[0], m.start(), m.end()) for m in _PHONE.finditer(text)]
    return _apart(found)


def _apart(found: list[Identifier]) -> tuple[Identifier, ...]:
    """Without overlaps, in order; of two that overlap the longer stays."""
    kept: list[Identifier] = []
    for item in sorted(found, key=lambda i: (i.start - i.end, i.start)):
        at = bisect.bisect(kept, item.start, key=lambda k: k.start)
        before_ends = kept[at - 1].end if at else 0
        after_starts = kept[at].start if at < len(kept) else item.end
        if before_ends <= item.start and item.end <= after_starts:
            kept.insert(at, item)
    return tuple(kept)


def mask(text: str, today: dt.date) -> str:
    """`text` with each identifier replaced by what it was, for the immediate route."""
    pieces, done = [], 0
    for item in find_identifiers(text, today):
        pieces += [text[done : item.start], f"[{item.kind.replace('_', ' ')} removed]"]
        done = item.end
    return "".join([*pieces, text[done:]])
