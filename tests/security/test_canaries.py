"""Words planted in everything people say in a rehearsal of two weeks: looked for in logs at DEBUG,
metrics, traces, faults and what a phone shows of a message before it is opened.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.logs import _QUIET, JsonLines, configure_logs
from bot.rehearsal import scenario
from bot.rehearsal.player import Player, Report
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from cards import wording as w
from tests.ops.watching import Watched
from tests.wire.acting import Acting, words_of

Json = dict[str, Any]
TEN = Path(scenario.__file__).with_name("ten_referrals.json")
CANARY = "zarquonette"
_SAID_IN = ("intake", "events", "feedback")
_NOT_SAID = frozenset(
    {"at", "type", "received_at", "submitted_at", "referrer_role", "channel", "to", "state_after"}
)
_ABOUT_THE_DESK = ("test.paused", "test.resumed")
"""Said by a manager to everybody, in a message's text: about the desk, and about no family."""


def planted(value: Any, name: str = "") -> tuple[Any, int]:
    """The same with the canary in every sentence, and how many there were."""
    if isinstance(value, dict):
        if value.get("type") in _ABOUT_THE_DESK:
            return value, 0
        pairs = {k: planted(v, k) for k, v in value.items()}
        return {k: v for k, (v, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        found = [planted(v, name) for v in value]
        return [v for v, _ in found], sum(n for _, n in found)
    sentence = isinstance(value, str) and " " in value and len(value) < 120
    if not sentence or name in _NOT_SAID:
        return value, 0
    return f"{value} {CANARY}", 1


class Lines(logging.Handler):
    """What would be written: each record as the program writes it, and as another handler might."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._json = JsonLines()
        self._plain = logging.Formatter()
        self.written: list[str] = []
        self.levels: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.levels.add(record.levelname)
        self.written.append(self._json.format(record))
        if record.name.startswith(("frontdoor", "azure", "msal")):
            self.written.append(self._plain.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, handler = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


@dataclass
class Previews:
    """What is shown of each message on a locked phone: its summary, or its text."""

    found: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def watch(self, rehearsal: Rehearsal) -> None:
        connector = rehearsal.front_door.channel._connector
        post, put = connector.post, connector.put

        async def posted(url: str, conversation: str, activity: Json) -> str:
            self.take(activity)
            return await post(url, conversation, activity)

        async def edited(url: str, conversation: str, message: str, activity: Json) -> None:
            self.take(activity)
            await put(url, conversation, message, activity)

        connector.post = posted  # type: ignore[method-assign]
        connector.put = edited  # type: ignore[method-assign]

    def take(self, activity: Json) -> None:
        self.found += [str(activity.get("summary", "")), str(activity.get("text", ""))]
        self.files += [str(a.get("name", "")) for a in activity.get("attachments", [])]


async def played(file: Path, folder: Path, watched: Watched, previews: Previews) -> Report:
    player = Player(scenario.read(file), store=str(folder / "store.db"))
    player.rehearsal.telemetry = watched.telemetry
    start = player.rehearsal.start

    async def started() -> None:
        await start()
        previews.watch(player.rehearsal)

    player.rehearsal.start = started  # type: ignore[method-assign]
    return await player.run()


async def test_no_word_that_anybody_says_leaves_the_record(tmp_path: Path, lines: Lines) -> None:
    data = json.loads(TEN.read_text(encoding="utf-8"))
    count = 0
    for each in data["scenarios"]:
        for part in _SAID_IN:
            if part in each:
                each[part], n = planted(each[part])
                count += n
    file = tmp_path / "planted.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    watched, previews = Watched(), Previews()
    report = await played(file, tmp_path, watched, previews)

    assert count > 150
    assert report.events > 100, report.differences[:5]
    assert (tmp_path / "store.db").read_bytes().count(CANARY.encode()) > 150
    assert "DEBUG" in lines.levels
    assert len(watched.spans()) > 300
    assert len(previews.found) > 100
    assert [line for line in lines.written if CANARY in line.lower()] == []
    assert CANARY not in watched.everything().lower()
    assert [text for text in (*previews.found, *previews.files) if CANARY in text.lower()] == []


# Faults ----------------------------------------------------------------------------------


@pytest.fixture
async def watched_acting(tmp_path: Path) -> AsyncIterator[tuple[Acting, Watched]]:
    rehearsal, watched = Rehearsal(store=str(tmp_path / "rehearsal.db")), Watched()
    rehearsal.telemetry = watched.telemetry
    await rehearsal.start()
    yield Acting(rehearsal), watched
    await rehearsal.stop()


async def test_a_fault_over_somebodys_words_tells_nobody_the_words(
    watched_acting: tuple[Acting, Watched], lines: Lines
) -> None:
    acting, watched = watched_acting
    await acting.referred(seen_heard=f"Late again. {CANARY.title()} has no coat.")

    async def breaks(*_: object, **__: object) -> None:
        raise ValueError(f"cannot take in: {CANARY}")

    acting.r.front_door.log.append = breaks  # type: ignore[method-assign]
    lines.written.clear()
    answer = await acting.tap("eh-1", "claim")

    assert answer.kind == "message"
    told = w.REFUSALS["fault"].partition("{fault}")[0]
    assert answer.text.startswith(told)
    assert CANARY not in answer.text.lower()
    faults = [line for line in lines.written if line.startswith("{") and "turn.fault" in line]
    assert len(faults) == 1
    assert "breaks" in faults[0], "where it broke is told, as files and lines"
    assert [line for line in lines.written if line.startswith("{") and CANARY in line.lower()] == []
    assert CANARY not in watched.everything().lower()


@pytest.mark.parametrize("where", ["verb", "stranger", "malformed", "name", "type", "case"])
async def test_no_strangers_word_is_logged_as_a_verb_or_a_kind(
    watched_acting: tuple[Acting, Watched], lines: Lines, where: str
) -> None:
    acting, watched = watched_acting
    data: Json = {"verb": "claim", "case": "0" * 32, "v": 1}
    value: Json = {"action": {"type": "Action.Execute", "verb": "claim", "data": data}}
    sent = acting.r.people.activity(
        "eh-1",
        acting.r.world.thread_id("1"),
        type="invoke",
        name="adaptiveCard/action",
        value=value,
    )
    match where:
        case "verb":
            data["verb"] = value["action"]["verb"] = CANARY
        case "stranger":
            data["verb"] = value["action"]["verb"] = CANARY
            sent["from"]["aadObjectId"] = "somebody-else"
        case "malformed":
            value["action"] = {"verb": f"{CANARY} smith", "data": "x"}
        case "case":
            data["case"] = CANARY
        case _:
            sent[where] = CANARY
    lines.written.clear()
    await acting.r.people.deliver(sent)

    ours = [line for line in lines.written if '"frontdoor' in line]
    assert [line for line in ours if CANARY in line] == []
    assert [r for r in await acting.refusals() if CANARY in str(r)] == []
    assert CANARY not in watched.everything()


async def test_a_card_is_previewed_by_its_reference_and_not_by_what_it_says(
    watched_acting: tuple[Acting, Watched],
) -> None:
    acting, _ = watched_acting
    previews = Previews()
    previews.watch(acting.r)
    await acting.referred(seen_heard=f"Late again. {CANARY.title()} has no coat.")
    await acting.tap("eh-1", "claim")

    assert CANARY in words_of((await acting.briefing()).card or {}).lower()
    assert any("REF-2026-00001" in text for text in previews.found)
    assert [text for text in previews.found if CANARY in text.lower()] == []


# Identifiers ------------------------------------------------------------------------------

MOSAIC = "8675309"
NUMBERS = ("07700900461", "07700 900462", "(0115) 496 0463")
ADDRESS = "ketura@plantedschool.example"
NAME = "Zebediah"
PLANTED = (MOSAIC, *NUMBERS, "ketura", "plantedschool", NAME)


@pytest.fixture
def as_configured(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Logs as the program itself writes them at DEBUG, and as they were before afterwards."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], {n: logging.getLogger(n).level for n in ("", *_QUIET)}
    root.handlers = []
    configure_logs(logging.DEBUG)
    yield
    root.handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(params=["sqlite", pytest.param("azurite", marks=pytest.mark.node)])
async def identified(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Acting, Watched]]:
    """The store is Azurite the second time: its addresses hold what is looked up by."""
    store = str(tmp_path / "rehearsal.db")
    if request.param == "azurite":
        store = request.getfixturevalue("empty_azurite").connection_string
    rehearsal, watched = Rehearsal(store=store), Watched()
    rehearsal.telemetry = watched.telemetry
    await rehearsal.start()
    yield Acting(rehearsal), watched
    await rehearsal.stop()


async def said_with_identifiers(acting: Acting) -> None:
    """Each is refused once, and then posted as no identifier."""
    hands, words = acting.hands("pol-1"), " ".join((NAME, *NUMBERS, ADDRESS))
    await hands.do(await acting.briefing(), "add", {"words": words})
    card = (await acting.briefing()).card_for("pol-1")
    action, inputs = Screen(card or {}).press("add", **{"pass": True})
    await acting.r.people.press("pol-1", await acting.briefing(), action, inputs)
    await acting.tap("hlt-1", "add", words=NAME)


async def emailed(acting: Acting) -> None:
    hands = acting.hands("eh-1")
    opened = await hands.open(await acting.briefing(), "feedback.open")
    mail = (await hands.in_dialog(opened, "mail.open", {})).dialog
    assert mail is not None
    await hands.in_dialog(mail, "mail.send", {"to": ADDRESS})
    await acting.r.settled()
    assert len(acting.r.graph.sent) == 1


async def test_no_identifier_leaves_the_record_nor_by_the_stores_own_driver(
    as_configured: None,
    lines: Lines,
    identified: tuple[Acting, Watched],
    capsys: pytest.CaptureFixture[str],
) -> None:
    acting, watched = identified
    previews = Previews()
    previews.watch(acting.r)
    await acting.referred(mosaic_1=MOSAIC)
    await said_with_identifiers(acting)
    await acting.agreed()
    await emailed(acting)

    kept = str(await acting.r.front_door.log.load(acting.case_id))
    assert [p for p in (MOSAIC, *NUMBERS, NAME) if p not in kept] == []
    written = capsys.readouterr().err
    assert '"DEBUG"' in written
    assert len(watched.spans()) > 20
    everything = {
        "log": written,
        "logs": "\n".join(lines.written),
        "signals": watched.everything(),
        "previews": "\n".join((*previews.found, *previews.files)),
    }
    found = [(place, p) for place, text in everything.items() for p in PLANTED if p in text]
    assert found == []
