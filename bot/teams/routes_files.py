"""Files in a manager's own chat: what they bring, and figures they take away."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.domain.decision import Refused, refused
from bot.domain.measures import Report
from bot.domain.periods import TEST, Period
from bot.exchange import files
from bot.exchange.files import File
from bot.exchange.reading import Unreadable
from bot.exchange.sentences import outcome_lines, sentence
from bot.importing import bring
from bot.teams.activities import SentFile
from bot.teams.answering import log_refusal
from bot.teams.boundary import guarded
from bot.teams.file_cards import Consent, Offered
from bot.teams.file_transfer import TransferFailed
from bot.teams.press import Press, Reply, SayWords, ShowCard, Turn
from bot.teams.routes_stats import exact_here, period_named, period_pressed, report_on
from cards import wording as w
from cards.downloads import download_card
from cards.figure_words import Hide
from cards.kit import clean
from cards.stats import period_data, period_title

_BAD_TOLD = 5
_MARKS = re.compile(r"[^\w .()-]|_{2,}")
_LONGEST_NAME = 60


# Bringing ---------------------------------------------------------------------------------


def may_not(turn: Turn, event: str) -> Refused | None:
    """Files are for those who see exact figures, in their own chat."""
    return None if exact_here(turn) else refused("not_allowed", event=event)


def _shown(name: str) -> str:
    """A file's name without anything that Teams would read as more than words."""
    return _MARKS.sub(" ", clean(name)).strip()[:_LONGEST_NAME] or w.FILE_UNNAMED


async def brought(turn: Turn) -> Reply | None:
    """None where the answer follows, or was given: Teams sends a message again when it is slow."""
    if not turn.files.first_time(turn.inbound.activity_id, *turn.said().split()):
        return None
    names = w.join([_shown(sent.name) for sent in turn.inbound.files])
    meanwhile = w.FILE_READING.format(names=names)
    return await turn.files.in_time(turn.inbound, _take_in(turn), meanwhile)


async def _take_in(turn: Turn) -> Reply:
    told = [await guarded(_one(turn, sent)) for sent in turn.inbound.files]
    return SayWords("\n\n".join(r.words for r in told if isinstance(r, SayWords)))


async def _one(turn: Turn, sent: SentFile) -> Reply:
    name = _shown(sent.name)
    desk = turn.desk
    try:
        data = await turn.files.fetch(turn.inbound, sent)
    except TransferFailed as fault:
        words = w.FETCH_FAULTS.get(fault.code, w.FETCH_FAULTS["other"])
        return SayWords(words.format(name=name))
    found = await bring(data, desk.partnership, desk.tallies, desk.clock.now())
    if isinstance(found, Unreadable):
        return SayWords(w.FILE_UNREADABLE.format(name=name, fault=sentence(found)))
    lines = outcome_lines(found, name, most=_BAD_TOLD)
    return SayWords("\n\n".join([*lines, w.IMPORT_SEEN[found.kind]]))


# Taking away ------------------------------------------------------------------------------


async def _excel(turn: Turn, report: Report) -> File:
    period = report.period
    compared = await turn.desk.stats.comparison(period) if period.kind == TEST else None
    view = await turn.view(None)
    return await files.excel_file(report, view, hide=Hide.NOTHING, comparison=compared)


async def _figures(turn: Turn, report: Report) -> File:
    view = await turn.view(None)
    return await files.csv_file(report, view, hide=Hide.NOTHING)


async def _referrals(turn: Turn, report: Report) -> File:
    return await files.referrals_csv_file(report, await turn.view(None))


async def _picture(turn: Turn, report: Report) -> File:
    return await files.picture_file(report, await turn.view(None))


_MAKERS: dict[str, Callable[[Turn, Report], Awaitable[File]]] = {
    "excel": _excel,
    "figures": _figures,
    "referrals": _referrals,
    "picture": _picture,
}


def _makes(period: Period | None, kind: str) -> bool:
    """A picture is passed on, and that of a test beside those of its weeks would tell."""
    shared = kind == "picture"
    return period is not None and kind in _MAKERS and not (shared and period.kind == TEST)


async def _made(turn: Turn, period: Period, kind: str) -> File:
    return await _MAKERS[kind](turn, await report_on(turn, period))


async def pressed(turn: Turn, press: Press) -> Reply:
    """Download: which file first, then the offer of it."""
    period, kind = period_pressed(turn, press), press.get("file", 20)
    no = may_not(turn, "download")
    if no is None and (period is None or (press.verb == "stats.file" and not _makes(period, kind))):
        no = refused("malformed")
    if no is not None or period is None:
        no = no or refused("malformed")
        await log_refusal(turn, press, no)
        return SayWords(await turn.say(no))
    if press.verb == "stats.download":
        return ShowCard(download_card(period))
    return SayWords(await _offered(turn, period, kind))


async def _offered(turn: Turn, period: Period, kind: str) -> str:
    """The file is made to tell its size, and again when the person wants it: nothing is kept."""
    file = await _made(turn, period, kind)
    context = {**period_data(period), "file": kind}
    words = w.FILE_ABOUT[kind].format(period=period_title(period))
    offered = Offered(file.name, len(file.data), words, context)
    sent = await turn.files.offer(turn.inbound, offered)
    return w.FILE_OFFERED if sent else w.FILE_NOT_OFFERED


def _asked_for(turn: Turn, consent: Consent) -> tuple[Period, str] | None:
    """What the card was about, as it comes back: only ours, checked as if a stranger sent it."""
    period, kind = consent.context.get("period"), consent.context.get("file")
    if not isinstance(period, str) or not isinstance(kind, str) or kind not in _MAKERS:
        return None
    found = period_named(turn, period)
    return (found, kind) if found and _makes(found, kind) else None


def consent_refused(turn: Turn, consent: Consent | None) -> Refused | None:
    """Checked again at the answer: the card may be older than the person's role."""
    if no := may_not(turn, "download"):
        return no
    if consent is None or (consent.accepted and _asked_for(turn, consent) is None):
        return refused("malformed")
    return None


async def consented(turn: Turn, consent: Consent) -> Reply | None:
    """After `consent_refused` found nothing. A card answered twice is acted on once."""
    asked, inbound = _asked_for(turn, consent), turn.inbound
    card = f"consent-{inbound.reply_to_id}" if inbound.reply_to_id else ""
    if not turn.files.first_time(inbound.activity_id, card):
        return None
    if not consent.accepted or asked is None:
        await turn.files.take_back(inbound)
        return None
    return await turn.files.in_time(inbound, _put(turn, consent, *asked, card))


async def _put(turn: Turn, consent: Consent, period: Period, kind: str, card: str) -> Reply | None:
    try:
        file = await _made(turn, period, kind)
        await turn.files.put(turn.inbound, consent, file.name, file.data, file.content_type)
    except TransferFailed as fault:
        turn.files.forget(card)
        words = w.PUT_FAULTS.get(fault.code, w.PUT_FAULTS["other"])
        return SayWords(words)
    except BaseException:
        turn.files.forget(card)
        raise
    await turn.files.take_back(turn.inbound)
    return None
