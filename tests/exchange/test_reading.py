"""Encodings, separators, headings, limits, and files that are not CSV at all."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import pytest
from hypothesis import example, given as every, settings, strategies as st

from bot.exchange import reading, text as text_of
from bot.exchange.keys import Occurrences, digest
from bot.exchange.reading import BadRow, Cells, Column, Read, Unreadable, fold, read_rows

COLUMNS = (Column("name", ("Name", "Pet name"), True), Column("age", ("Age",)))


@dataclass(frozen=True)
class Pet:
    key: str
    age: str
    line: int = 0


def pet(cells: Cells) -> Pet | None:
    if not cells.text("name"):
        cells.wrong("missing", "name")
    return Pet(cells.text("name"), cells.text("age"))


def lined(cells: Cells) -> Pet | None:
    return Pet(cells.text("name"), cells.text("age"), cells.line)


def read(data: bytes, make=pet, **more) -> Read[Pet]:
    found = read_rows(data, COLUMNS, make, **more)
    assert isinstance(found, Read), found
    return found


def refused(data: bytes) -> Unreadable:
    found = read_rows(data, COLUMNS, pet)
    assert isinstance(found, Unreadable), found
    return found


PLAIN = "Name,Age\r\nRenée,3\r\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace("\r\n", "\r").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        PLAIN.rstrip().encode(),
        b"\r\n,\r\n" + PLAIN.encode(),
        "  name ,AGE\nRenée,3\n".encode(),
        "\ufeffName,Other,Age\nRenée,x,3\n".encode(),
        "PET_ NAME,Age\nRenée,3\n".encode(),
        "Pets[Name],'Pets'[Age]\nRenée,3\n".encode(),
    ],
)
def test_a_file_is_read_however_it_was_saved(data):
    assert read(data) == Read((Pet("Renée", "3"),), ())


def test_a_line_is_where_its_row_starts():
    data = b'Name,Age\n"a\nb",1\n\n"c",2\r\n,3\n'

    found = read(data, lined)

    assert [(p.key, p.line) for p in found.good] == [("a\nb", 2), ("c", 5), ("", 6)]
    assert read(data).bad == (BadRow(6, "Name", "missing"),)
    assert read(b"sep=,\n" + data).bad == (BadRow(7, "Name", "missing"),)


def test_other_line_separators_of_unicode_are_part_of_a_cell():
    assert read("Name,Age\na\u2028b\x0b\x85c,1\n".encode()).good[0].key == "a\u2028b\x0b\x85c"


def test_a_short_row_is_filled_and_a_long_one_is_not_trusted():
    found = read(b"Name,Age\na\nb,2,,\nSmith, Jo,3\n")

    assert [p.key for p in found.good] == ["a", "b"]
    assert found.bad == (BadRow(4, "", "too_many_cells"),)


def test_equal_rows_count_once_and_unequal_ones_with_one_key_are_told():
    data = b"Name,Age\na,1\na,1\na,2\nb,1\n"

    found = read(data, id_field="name")

    assert [p.key for p in found.good] == ["a", "b"]
    assert found.repeats == 1
    assert found.bad == (BadRow(4, "Name", "id_twice"),)


def test_where_a_choice_is_given_the_better_row_stands():
    data = b"Name,Age\na,1\na,9\na,2\n"

    found = read(data, choose=lambda one, two: max(one, two, key=lambda p: p.age))

    assert found == Read((Pet("a", "9"),), (), 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b",,\n,,\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"Name,Age\nRex\0,3\n", "not_text"),
        ("Name,Age\n".encode("utf-16-le"), "not_text"),
        (b"\x81\x8d\x8f\xff", "encoding"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a", "encoding"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        (b"%PDF-1.7", "pdf"),
        (b'Name,Age\n"Rex,3\n', "quotes"),
        (b'Name,Age\n"Rex"x,3\n', "quotes"),
        (b"Name,Age\n" + b"x" * 200_000 + b",3\n", "quotes"),
        (b'"Name,Age\n', "quotes"),
        (b"Rex,3\nTom,4\n", "header"),
        (b"Age,Other\n4,5\n", "missing_column"),
        (b"Name,name\na,b\n", "column_twice"),
        (b"Name," + b"," * 200 + b"\n", "too_many_columns"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(data, code):
    assert refused(data).code == code


def test_a_refusal_names_wanted_headings_and_never_what_stands_in_the_first_row():
    assert refused(b"Jo Smith,3\n").params == {"missing": "Name"}
    missing = refused(b"Age,Jo Smith\n4,5\n")
    assert missing.params == {"missing": "Name", "found": "Age"}
    assert refused(b'Name,Age\na,1\n"Jo Smith,3\n').params == {"line": "3"}


def test_the_largest_file_and_one_past_it(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    monkeypatch.setattr(text_of, "MOST_BYTES", 40)
    rows = b"Name,Age\na,1\nb,1\nc,1\n"

    assert len(read(rows).good) == 3
    assert refused(rows + b"d,1\n").code == "too_many_rows"
    assert len(read(rows.rstrip().ljust(40)).good) == 3
    assert refused(rows.rstrip().ljust(41)).code == "too_big"


def test_a_cell_may_be_long_but_not_too_long():
    data = f"Name,Age,Other\n{'x' * 2000},1,{'y' * 5000}\n{'x' * 2001},1,\n".encode()

    found = read(data)

    assert len(found.good) == 1
    assert found.bad == (BadRow(3, "Name", "cell_too_long"),)


def test_progress_is_told_every_thousand_rows_and_at_the_end():
    told = []
    data = b"Name,Age\n" + b"".join(b"%d,1\n" % n for n in range(2500))

    read(data, progress=lambda done, of: told.append((done, of)))

    assert told == [(1001, 2501), (2001, 2501), (2501, 2501)]


@settings(max_examples=300, deadline=None)
@every(st.binary(max_size=400))
@example(b'Name\n"')
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\x00N\x00\x00\x00")
def test_no_bytes_whatever_raise(data):
    for whole in (data, b"Name,Age\n" + data, b"\xff\xfe" + data, b"Name;Age\n" + data):
        assert isinstance(read_rows(whole, COLUMNS, pet), Read | Unreadable)


@every(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_parts_never_have_one_digest(one, two):
    assert (digest(*one) == digest(*two)) == (one == two)


def test_a_secret_changes_a_digest_and_occurrences_number_equals():
    first, again = Occurrences(), Occurrences()

    keys = [first.key("a"), first.key("a"), first.key("b")]

    assert len(set(keys)) == 3
    assert [again.key("b"), again.key("a"), again.key("a")] == [keys[2], keys[0], keys[1]]
    assert digest("1", secret=b"s") != digest("1")


def test_headings_are_compared_without_case_spaces_and_underscores():
    assert fold(" Call_Start  TIME\u00a0utc ") == "call start time utc"
