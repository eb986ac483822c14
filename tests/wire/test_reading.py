"""What is read of an activity, whatever its fields hold: words stay words, and nothing grows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.teams.activities import Malformed, known_kind, read, spoken
from bot.teams.press import BadPress, Origin, read_press
from bot.teams.quoted import plain_text

Json = dict[str, Any]
BOT = "28:bot"
_TEXTS = ("name", "id", "replyToId", "serviceUrl", "channelId", "text", "timestamp")


def message(**fields: Any) -> Json:
    return {"type": "message", "recipient": {"id": BOT}, **fields}


def mention(text: Any) -> Json:
    return {"type": "mention", "text": text, "mentioned": {"id": BOT}}


@pytest.mark.parametrize("body", [None, [], "x", 7, {}, {"type": None}, {"type": ["message"]}])
def test_what_has_no_type_is_no_activity(body: Any) -> None:
    with pytest.raises(Malformed):
        read(body)


@pytest.mark.parametrize("odd", [None, 7, 1.5, True, [], ["x"], {}, {"id": "x"}])
@pytest.mark.parametrize("name", [*_TEXTS, "from", "conversation", "channelData", "entities"])
def test_a_field_of_another_type_is_as_if_it_were_not_there(name: str, odd: Any) -> None:
    found = read(message(**{name: odd}))

    assert (found.text, found.activity_id, found.service_url) == ("", "", "")
    assert found.sender.object_id == ""
    assert all(isinstance(e, dict) for e in found.entities)


def test_half_of_a_character_is_left_out() -> None:
    body = json.loads(
        '{"type": "message", "text": "a\\ud800b", "from": {"aadObjectId": "\\udfff1"}}'
    )
    found = read(body)

    assert found.text.encode() == b"ab"
    assert found.sender.object_id == "1"


def test_texts_are_cut_where_nothing_real_is_as_long() -> None:
    found = read(message(text="x" * 90_000, id="y" * 5000))

    assert len(found.text) == 30_000
    assert len(found.activity_id) == 1000


@pytest.mark.parametrize("named", ["", None, 7, []])
def test_a_mention_without_a_name_takes_no_words_apart(named: Any) -> None:
    found = read(message(text="Her nurse saw her.", entities=[mention(named)] * 12))

    assert spoken(found) == "Her nurse saw her."


def test_the_bots_mention_is_left_out_by_its_id_and_another_stays() -> None:
    other = {"type": "mention", "text": "<at>Femi</at>", "mentioned": {"id": "29:femi"}}
    text = "<at>Front Door</at> ask <at>Femi</at>"
    found = read(message(text=text, entities=[mention("<at>Front Door</at>"), other]))

    assert spoken(found) == "ask <at>Femi</at>"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div><p>Seen at <b>nursery</b>.</p></div>", "Seen at nursery."),
        ("<![x[ late again", "<![x[ late again"),
        ("<![if !mso]> late again", "<![if !mso]> late again"),
        ("<![CDATA[ late", "<![CDATA[ late"),
        ("late &#xD800; again", "late \ufffd again"),
        ("<a <b <c late", "<a <b <c late"),
    ],
)
def test_a_messages_html_gives_its_words(html: str, words: str) -> None:
    assert plain_text(html) == words


def test_a_type_nobody_knows_is_not_named_in_the_log() -> None:
    assert known_kind("messageUpdate") == "messageUpdate"
    assert known_kind("Amira Holt") == "other"


_BUTTON: Json = {"verb": "claim", "case": "0" * 31 + "a", "v": 2}


@pytest.mark.parametrize(("written", "version"), [(2, 2), (2.0, 2), ("2", 2), ("2.0", 2), (0, 0)])
def test_a_version_is_read_as_clients_write_it(written: Any, version: int) -> None:
    press = read_press({**_BUTTON, "v": written, "words": "ﷺ", "box": True}, Origin.EXECUTE)

    assert (press.verb, press.case_id, press.version) == ("claim", _BUTTON["case"], version)
    assert press.values["words"] == "ﷺ"
    assert press.values["box"] == "true"


_NO_VERSION: list[Any] = [None, 1.5, float("nan"), float("inf"), "", "x", "-1", "٢"]
_NO_VERSION += [True, -1, 10**9, 1e19, "9" * 10, "2.00", []]
_NO_CASE: list[Any] = [None, 7, "0" * 31, "0" * 33, "0" * 32 + "\n", "A" * 32, []]
_NO_VERB: list[Any] = [None, 7, "", "Claim", "claim\n", "ç", "a" * 41, ["claim"], {}]


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        *[("v", odd) for odd in _NO_VERSION],
        *[("case", odd) for odd in _NO_CASE],
        *[("verb", odd) for odd in _NO_VERB],
    ],
)
def test_data_of_no_button_is_no_press(field: str, odd: Any) -> None:
    with pytest.raises(BadPress):
        read_press({**_BUTTON, field: odd}, Origin.EXECUTE)


@pytest.mark.parametrize("data", [None, [], "claim", 7, {str(n): "" for n in range(151)}])
def test_what_is_no_data_is_no_press(data: Any) -> None:
    with pytest.raises(BadPress):
        read_press(data, Origin.EXECUTE, "claim")


def test_a_verb_that_stands_beside_the_data_is_read() -> None:
    beside = {"case": _BUTTON["case"]}

    assert read_press(beside, Origin.EXECUTE, "claim").verb == "claim"
    assert read_press({**beside, "verb": "flag"}, Origin.EXECUTE, "claim").verb == "flag"


def test_the_names_of_inputs_are_words_that_can_be_sent() -> None:
    press = read_press({**_BUTTON, "w\ud800ords": "a\ud800b"}, Origin.EXECUTE)

    assert press.values["words"] == "ab"
