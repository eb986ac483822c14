"""Traces: a span a turn, an effect and a storage call; nobody's words, and nobody else's trace."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import uuid
from pathlib import Path

from opentelemetry.trace import SpanKind, StatusCode

from bot import logs
from bot.desk.ports import StoreUnavailable
from tests.ops.watching import Watched, both_claim, watched_rehearsal
from tests.wire.acting import Acting


async def test_a_press_has_a_span_with_its_storage_calls_and_effects_in_one_trace(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    watched.forget_spans()
    await acting.brief(mosaic_1="9900102")

    [turn] = watched.spans("turn intake.brief")
    assert turn.attributes is not None
    assert turn.attributes["frontdoor.case"] == acting.case_id
    assert turn.attributes["frontdoor.result"] == "taken"
    assert turn.kind is SpanKind.SERVER
    assert turn.parent is None
    same = [s for s in watched.spans() if s.context.trace_id == turn.context.trace_id]
    names = {s.name for s in same}
    assert {"store.write", "effect post_briefing", "effect carry_on"} <= names
    writes = [s for s in same if s.name == "store.write"]
    assert {s.parent.span_id for s in writes if s.parent} & {turn.context.span_id}


async def test_a_refused_press_is_no_fault_and_says_its_code(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    await both_claim(acting)

    turn = watched.spans("turn claim")[-1]
    assert turn.attributes is not None
    assert turn.attributes["frontdoor.code"] == "already_claimed"
    assert turn.status.status_code is StatusCode.UNSET


async def test_a_fault_leaves_its_class_name_and_no_word_of_it(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()

    async def no_answer(*_: object) -> None:
        raise StoreUnavailable("while writing about Amira Holt")

    acting.r.front_door.rows._rows.write = no_answer  # type: ignore[attr-defined]
    await acting.tap("eh-1", "claim")

    for name in ("turn claim", "store.write"):
        span = watched.spans(name)[-1]
        assert span.attributes is not None
        assert span.attributes["frontdoor.fault"] == "StoreUnavailable"
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description is None
        assert span.events == ()
    assert "Amira" not in watched.everything()


async def test_somebody_elses_trace_is_not_joined(acting: Acting, watched: Watched) -> None:
    stranger = uuid.uuid4().hex
    people = acting.r.people
    people._session.headers["traceparent"] = f"00-{stranger}-{'1' * 16}-01"
    await acting.hands("mgr-1").say("open", place="personal")
    del people._session.headers["traceparent"]

    turns = watched.spans("turn message")
    assert turns
    assert {f"{s.context.trace_id:032x}" for s in turns} & {stranger} == set()


async def test_the_clocks_own_reading_makes_no_spans(acting: Acting, watched: Watched) -> None:
    await acting.referred()
    await acting.desk.ticker.tick()  # asks for the roll
    watched.forget_spans()
    acting.desk.days._read_at = float("-inf")
    await acting.desk.ticker.tick()

    assert watched.spans() == []
    assert watched.counted("frontdoor.store.calls", operation="query", table="Desk") > 0


async def test_with_a_share_of_none_nothing_is_traced_and_all_is_counted(tmp_path: Path) -> None:
    watched = Watched(share=0.0)
    async with watched_rehearsal(tmp_path, watched) as acting:
        await acting.referred()

        assert watched.spans() == []
        assert watched.counted("frontdoor.presses", verb="intake.brief") == 1


async def test_log_lines_of_a_turn_carry_its_trace(acting: Acting, watched: Watched) -> None:
    before = logging.getLogger().handlers
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().handlers = [handler]
    try:
        inside = Watched()
        with inside.telemetry.span("turn", root=True, verb="claim"):
            logging.getLogger("frontdoor.test").warning("test.line")
        logging.getLogger("frontdoor.test").warning("test.after")
        await inside.telemetry.stop()
        logging.getLogger("frontdoor.test").warning("test.stopped")
    finally:
        logging.getLogger().handlers = before

    lines = {x["message"]: x for x in map(json.loads, stream.getvalue().splitlines())}
    [span] = inside.spans("turn claim")
    assert lines["test.line"]["trace_id"] == f"{span.context.trace_id:032x}"
    assert lines["test.line"]["span_id"] == f"{span.context.span_id:016x}"
    assert "trace_id" not in lines["test.after"]
    assert "trace_id" not in lines["test.stopped"]


def test_where_it_is_not_configured_opentelemetry_is_not_even_imported() -> None:
    program = (
        "import sys, bot.command_line, bot.watching as a\n"
        "from bot.settings import Settings\n"
        "assert a.telemetry_of(Settings(app_id='x', tenant_id='y')) is None\n"
        "found = [m for m in sys.modules if m.startswith(('opentelemetry', 'azure.monitor'))]\n"
        "assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
