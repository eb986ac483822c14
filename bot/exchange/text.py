"""The bytes of a file to text, and text to records, before anything is known of its columns."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_BYTES = 20_000_000
DELIMITERS = (",", ";", "\t")

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)
_SOMETHING = re.compile(r"[^\s,;]")
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The whole file is refused. `params` fill the sentence of the code."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


def decode(data: bytes) -> str | Unreadable:
    if len(data) > MOST_BYTES:
        return Unreadable("too_big", {"most": str(MOST_BYTES // 1_000_000)})
    if data.startswith((_ZIP, _OLE)):
        return Unreadable("spreadsheet")
    if data[:1024].lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(_PDF):
        return Unreadable("pdf")
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = data.decode("cp1252")
    except UnicodeDecodeError:
        return Unreadable("encoding")
    if "\0" in text:
        return Unreadable("not_text")
    return text if _SOMETHING.search(text) else Unreadable("empty")


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]] | Unreadable]:
    """Each record with the line it starts on; at quotation marks that do not pair, the refusal.

    Whatever follows such a mark cannot be trusted to be where it seems, so the reading ends.
    """
    skip = _SEPARATOR_LINE.match(text)
    before = 1 if skip else 0
    lines = (m[0] for m in _LINE.finditer(text, skip.end() if skip else 0))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + before + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Unreadable("quotes", {"line": str(line)})
            return


def said_separator(text: str) -> str:
    """The separator that Excel may write on a line of its own at the top, else empty."""
    said = _SEPARATOR_LINE.match(text)
    return said[1] if said else ""


def line_count(text: str) -> int:
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends + (not text.endswith(("\n", "\r")))


def first_record(text: str, delimiter: str) -> list[str] | Unreadable:
    for record in records(text, delimiter):
        if isinstance(record, Unreadable):
            return record
        if any(cell.strip() for cell in record[1]):
            return record[1]
    return Unreadable("empty")
