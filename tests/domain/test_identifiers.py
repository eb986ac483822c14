"""What must not be in the channel is found in people's own words, and little else is."""

import datetime as dt
import time
from itertools import pairwise

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.identifiers import find_identifiers, mask

TODAY = dt.date(2026, 11, 24)


def found(text: str) -> list[tuple[str, str]]:
    return [(i.kind, i.text) for i in find_identifiers(text, TODAY)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("postcode", "NG1 5DT"),
        ("postcode", "ng15dt"),
        ("postcode", "SW1A 1AA"),
        ("postcode", "M1 1AE"),
        ("postcode", "GIR 0AA"),
        ("email", "mum.jones+home@mail.example.org"),
        ("phone", "07700 900123"),
        ("phone", "07700900123"),
        ("phone", "01632 960101"),
        ("phone", "0115-496-0123"),
        ("phone", "+44 7700 900123"),
        ("phone", "+44 (0)7700 900123"),
        ("nhs_number", "943 476 5919"),
        ("nhs_number", "943-476-5919"),
        ("nhs_number", "9434765919"),
        ("upn", "H801200001001"),
        ("upn", "h80120000100a"),
        ("date_of_birth", "03/11/2015"),
        ("date_of_birth", "3.11.15"),
        ("date_of_birth", "2015-11-03"),
        ("date_of_birth", "3 November 2015"),
        ("date_of_birth", "3rd of Nov 2015"),
        ("date_of_birth", "21st Sept. 2019"),
        ("date_of_birth", "3-Nov-15"),
    ],
)
def test_each_kind_is_found_where_it_stands(kind, text):
    sentence = f"The caller gave {text}, then rang off."
    start = sentence.index(text)

    (item,) = find_identifiers(sentence, TODAY)

    assert (item.kind, item.text, item.start, item.end) == (kind, text, start, start + len(text))


@pytest.mark.parametrize(
    "number", ["(01632) 960101", "(0115) 496 0123", "0044 7700 900123", "00447700900123"]
)
def test_a_phone_number_is_found_with_brackets_or_an_international_prefix(number):
    assert [kind for kind, _ in found(f"Ring {number} after three")] == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "9900101",  # a Mosaic ID, which is how a child is named here
        "Mosaic 9900101 and 9900102",
        "He was seen at 08:30, 10.15 and 1645",
        "Between 0930 and 1015",
        "Away 15 of the last 20 days",
        "Attendance is 62.5%, was 94%",
        "Attendance fell from 94% to 62% in 12 weeks",
        "Aged 7, in Y3, weighs 21.5 kg",
        "Call-outs on 3 November 2026 and 12/10/2026",
        "Seen on 2026-11-20",
        "Last seen 24/11/2026",
        "The scan is on 14 March 2027",
        "Section 47 enquiry, REF-2026-00001",
        "Rang 999 at 14:05; officer 4471 came",
        "4 of 6 sessions, 1/2 days, 24/7",
        "99/99/2015 and 31 Foo 2015",
        'She said "don\'t tell @mum"',
    ],
)
def test_everyday_numbers_and_events_of_the_last_year_are_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Hurt at home on 3 November 2026", []),
        ("He was born 3 November 2026", ["date_of_birth"]),
        ("DOB 03/11/2026", ["date_of_birth"]),
        ("d.o.b. 2026-11-03", ["date_of_birth"]),
        ("03/11/2026, his date of birth", ["date_of_birth"]),
        ("Newborn seen by the midwife 3 November 2026", []),
        ("Unborn, scan 3 November 2026", []),
        ("Born early. The health visitor has since seen him on 3 November 2026", []),
    ],
)
def test_a_recent_date_is_an_event_unless_it_stands_beside_born(text, kinds):
    assert [kind for kind, _ in found(text)] == kinds


@pytest.mark.parametrize(
    ("date", "kinds"),
    [
        ("24/11/2025", []),
        ("01/12/2025", []),
        ("22/11/2025", ["date_of_birth"]),
        ("24/11/2024", ["date_of_birth"]),
        ("24/11/2008", ["date_of_birth"]),
        ("24/11/1988", ["date_of_birth"]),
        ("24/11/88", ["date_of_birth"]),
    ],
)
def test_a_date_more_than_twelve_months_ago_is_taken_for_a_birth_date(date, kinds):
    assert [kind for kind, _ in found(f"Given as {date} by the caller")] == kinds


def test_ten_digits_are_an_nhs_number_only_when_the_check_digit_agrees():
    assert found("943 476 5919") == [("nhs_number", "943 476 5919")]
    for last in "012345678":
        assert found(f"943 476 591{last}") == []


def test_a_check_digit_of_eleven_counts_as_nought_and_ten_is_never_valid():
    assert found("100 000 0060") == [("nhs_number", "100 000 0060")]
    for last in range(10):
        assert found(f"100 000 001{last}") == []


def test_identifiers_come_in_order_and_never_overlap():
    text = "NG1 5DT, 07700 900123, a@b.example, born 03/11/2015"
    items = find_identifiers(text, TODAY)

    assert [i.kind for i in items] == ["postcode", "phone", "email", "date_of_birth"]
    assert all(a.end <= b.start for a, b in pairwise(items))


def test_the_longest_of_overlapping_identifiers_wins():
    assert found("write to 07700900123@mail.example") == [("email", "07700900123@mail.example")]


def test_masking_says_what_was_taken_out_and_keeps_the_rest():
    text = "Ring 07700 900123. DOB 03/11/2015, lives NG1 5DT, NHS 943 476 5919. Two days away."

    masked = mask(text, TODAY)

    assert masked == (
        "Ring [phone removed]. DOB [date of birth removed], lives [postcode removed],"
        " NHS [nhs number removed]. Two days away."
    )
    assert find_identifiers(masked, TODAY) == ()


def test_masking_leaves_clean_words_as_they_are():
    text = "No coat for the third day; says he is hungry."
    assert mask(text, TODAY) == text


@settings(derandomize=True, deadline=None)
@every(text=st.text(alphabet="aAnN g15@.+-/()0793:\n\u0663\u00a0é", max_size=80))
def test_any_text_is_masked_clean_and_positions_match_the_text(text):
    items = find_identifiers(text, TODAY)

    assert all(text[i.start : i.end] == i.text for i in items)
    assert all(a.end <= b.start for a, b in pairwise(items))
    removed = mask(text, TODAY).count(" removed]")
    assert removed == len(items)


HOSTILE = {
    "one long word": "a",
    "dotted word": "a.",
    "digits": "1",
    "spaced digits": "1 ",
    "nearly phones": "0 1",
    "postcodes": "NG1 1AA ",
    "dates": "01/02/2015 ",
    "births": "born 1 ",
    "addresses": "a@b.c ",
    "at signs": "a@",
    "hyphenated domain": "a@b-",
    "brackets": "+44(0)",
}


def seconds_to_search(text: str) -> float:
    started = time.perf_counter()
    find_identifiers(text, TODAY)
    return time.perf_counter() - started


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hundred_thousand_hostile_characters_do_not_hang_it(piece):
    text = (piece * 100_000)[:100_000]

    assert seconds_to_search(text[:20_000]) < 0.5, "a fifth already takes too long"
    assert seconds_to_search(text) < 30, "a guard against hanging, not a speed"
