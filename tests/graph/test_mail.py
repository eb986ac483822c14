"""One email: what was sent, what surely was not, and what nobody can know."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest
from aiohttp import web

from bot.desk.graph_ports import MailNotSent, MailUnknown
from bot.rehearsal.graph_api import (
    Fault,
    drop_after,
    drop_before,
    slow,
    status,
    throttle,
)
from bot.rehearsal.trust import ThrowawayAuthority
from tests.graph.wire import CALLER, MAILBOX, SUBJECT, TEXT, Wire, instead, wired


async def refused(wire: Wire, to: str = CALLER, mailbox: str = MAILBOX, **changes) -> MailNotSent:
    """What `send` says when nothing went; nothing must have gone."""
    with pytest.raises(MailNotSent) as told:
        await wire.mailbox(mailbox, **changes).send(to, SUBJECT, TEXT)
    assert wire.graph.sent == []
    return told.value


async def test_an_email_arrives_as_plain_text_from_the_service_mailbox(wire: Wire) -> None:
    await wire.mailbox().send(CALLER, SUBJECT, "One line.\n\n<b>Another</b>")
    (mail,) = wire.graph.sent
    assert (mail.to, mail.sender, mail.subject) == (CALLER, MAILBOX, SUBJECT)
    assert mail.text == "One line.\n\n<b>Another</b>"
    assert mail.content_type == "Text"
    assert mail.kept
    assert mail.with_others == ()


async def test_a_subject_is_one_line(wire: Wire) -> None:
    await wire.mailbox().send(CALLER, "About\r\nBcc: else@where.example", TEXT)
    assert wire.graph.sent[0].subject == "About Bcc: else@where.example"
    assert wire.to == [CALLER]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (status(400, "ErrorInvalidRecipients"), "bad_address"),
        (status(400, "ErrorInvalidRequest"), "not_accepted"),
        (status(403, "ErrorAccessDenied"), "not_permitted"),
        (status(404, "ErrorInvalidUser"), "no_mailbox"),
        (status(413, "ErrorMessageSizeExceeded"), "too_large"),
        (status(409), "not_accepted"),
        (status(302, Location="https://elsewhere.example/"), "not_accepted"),
        (status(429), "busy"),
        (throttle(30), "busy"),
        (throttle(30, status=503), "busy"),
    ],
)
async def test_a_refusal_says_why_and_is_not_tried_again(
    wire: Wire, fault: Fault, code: str
) -> None:
    wire.graph.faults.append(fault)
    assert (await refused(wire)).code == code
    assert len(wire.graph.calls) == 1


async def test_a_token_refused_twice_means_nothing_was_sent(wire: Wire) -> None:
    wire.graph.faults += [status(401, "InvalidAuthenticationToken")] * 2
    assert (await refused(wire)).code == "not_signed_in"
    assert len(wire.graph.calls) == 2


async def test_without_the_permission_nothing_is_sent(wire: Wire) -> None:
    wire.graph.exchange_role = False
    assert (await refused(wire)).code == "not_permitted"


async def test_how_long_to_wait_is_passed_on_where_the_wait_does_not_fit(wire: Wire) -> None:
    wire.graph.faults += [throttle(30), status(503, Retry_After="Tue, 24 Nov 2099 09:00:00 GMT")]
    assert (await refused(wire)).after_s == 30
    assert (await refused(wire)).after_s == 24 * 3600


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-5",
        "soon",
        "Tue, 24 Nov 99999 09:00:00 GMT",
        "Mon, 99 Nov 2026 09:00:00 GMT",
        "1 Jan 2026 00:00:00 +9999999",
        "1 Jan 2026 00:00:00 -99999999999",
        "1 Jan 9999 23:59:59 -2359",
        "99999999999 24 Nov 2099 09:00:00",
        "0 0 0 0",
    ],
)
async def test_a_wait_that_says_nothing_is_no_wait(wire: Wire, value: str) -> None:
    wire.graph.faults.append(status(429, Retry_After=value))
    assert 0 <= (await refused(wire)).after_s <= 24 * 3600


@pytest.mark.parametrize("code", [429, 503])
async def test_a_short_wait_is_waited_and_the_email_goes_once(wire: Wire, code: int) -> None:
    wire.graph.faults += [throttle(1, status=code), throttle(0, status=code)]
    await wire.mailbox().send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]
    assert len(wire.graph.calls) == 3


@pytest.mark.parametrize("fault", [*map(status, (500, 502, 503, 504, 408, 200)), drop_before()])
async def test_an_answer_that_says_nothing_leaves_it_unknown_and_is_not_tried_again(
    wire: Wire, fault: Fault
) -> None:
    wire.graph.faults.append(fault)
    with pytest.raises(MailUnknown):
        await wire.mailbox().send(CALLER, SUBJECT, TEXT)
    assert len(wire.graph.calls) == 1


@pytest.mark.parametrize("fault", [drop_after(), slow(3)])
async def test_an_email_that_went_without_an_answer_is_unknown_and_went_once(
    wire: Wire, fault: Fault
) -> None:
    wire.graph.faults.append(fault)
    with pytest.raises(MailUnknown):
        await wire.mailbox(within_s=1.5).send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]


async def test_an_unknown_email_does_not_spoil_the_next(wire: Wire) -> None:
    wire.graph.faults.append(drop_before())
    mailbox = wire.mailbox()
    with pytest.raises(MailUnknown):
        await mailbox.send(CALLER, SUBJECT, TEXT)
    await mailbox.send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]


@pytest.mark.parametrize(("code", "told"), [(202, None), (403, MailNotSent), (500, MailUnknown)])
async def test_a_status_says_what_happened_whatever_becomes_of_the_rest(
    wire: Wire, code: int, told: type[Exception] | None
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        begun = web.StreamResponse(status=code)
        await begun.prepare(request)
        await begun.write(b"{")
        assert request.transport is not None
        request.transport.abort()
        return begun

    async with instead(wire.trust, answer) as base:
        sending = wire.mailbox(base=base).send(CALLER, SUBJECT, TEXT)
        result = (await asyncio.gather(sending, return_exceptions=True))[0]
    assert result is None if told is None else isinstance(result, told)


async def test_another_mailbox_is_not_permitted(wire: Wire) -> None:
    assert (await refused(wire, mailbox="director@riverside.example")).code == "not_permitted"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "amira",
        "@school.example",
        "amira@",
        "amira@school.example,else@where.example",
        "amira@school.example;x",
        "amira@school.example\r\nBcc: else",
        "amira@school.example\n",
        "amira holt@school.example",
        "Amira <amira@school.example>",
        "amira@school.example\x00",
        "am\u202eira@school.example",
        "amira\u00a0@school.example",
        "a" * 242 + "@school.example",
    ],
)
async def test_an_address_that_is_not_one_bare_address_reaches_nobody(wire: Wire, to: str) -> None:
    assert (await refused(wire, to)).code == "bad_address"
    assert wire.authority.asked == 0


async def test_an_address_graph_does_not_take_is_a_bad_address(wire: Wire) -> None:
    assert (await refused(wire, "amira@school")).code == "bad_address"


async def test_nothing_listening_no_such_host_and_a_strangers_certificate_are_unreachable(
    wire: Wire,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"https://127.0.0.1:{closed.getsockname()[1]}"
        assert (await refused(wire, base=nobody)).code == "unreachable"
    assert (await refused(wire, base="https://graph.invalid")).code == "unreachable"
    strange = ThrowawayAuthority()
    async with wired(strange) as stranger:
        assert (await refused(wire, base=stranger.base)).code == "unreachable"
        assert stranger.graph.calls == []
    strange.close()


async def test_a_handshake_that_never_ends_is_unreachable(wire: Wire) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    base = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert (await refused(wire, base=base, within_s=1)).code == "unreachable"
    server.close()


async def test_without_a_token_nothing_is_sent(wire: Wire) -> None:
    wire.authority.failures.append((401, "invalid_client"))
    assert (await refused(wire)).code == "not_signed_in"
    assert wire.graph.calls == []


async def test_a_token_that_takes_too_long_means_nothing_was_sent(wire: Wire) -> None:
    wire.authority.delay_s = 1
    assert (await refused(wire, within_s=0.5)).code == "unreachable"
    assert wire.graph.calls == []


@pytest.mark.parametrize("level", [logging.DEBUG])
async def test_no_address_words_or_token_are_logged(
    wire: Wire, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    caplog.set_level(level)
    mailbox = wire.mailbox()
    await mailbox.send(CALLER, SUBJECT, TEXT)
    for fault in (status(400, CALLER), status(403), status(500), drop_before(), throttle(60)):
        wire.graph.faults.append(fault)
        with pytest.raises((MailNotSent, MailUnknown)):
            await mailbox.send(CALLER, SUBJECT, TEXT)
    lines = [f"{record.__dict__} {record.getMessage()}" for record in caplog.records]
    written = "\n".join(lines)
    assert "mail.unknown" in written
    for secret in (CALLER, MAILBOX, SUBJECT, TEXT, "eyJ"):
        assert secret not in written
