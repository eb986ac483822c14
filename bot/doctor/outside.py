"""What is out of our hands: Teams' keys and address, and whether our clock is right."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.finding import Finding, Patient, check, fix, ok, settings_of
from bot.graph_session import graph_session
from bot.settings import Settings
from bot.teams.inbound import KEY_FAULTS, SigningKeys

_TIMEOUT_S = 10
_OFF_S = 60.0
_TOO_FAR_OFF_S = 300.0
_NOT_FROM_HERE = (
    "Whether Teams reaches this bot cannot be seen from here. On a computer outside the network run"
    " curl -i https://ADDRESS/readyz with the messaging endpoint's host: it should say 200."
)


async def teams(patient: Patient) -> list[Finding]:
    settings = settings_of(patient)
    return [await _keys(settings), await _service(settings.service_url), check(_NOT_FROM_HERE)]


async def _keys(settings: Settings) -> Finding:
    """As the bot reads them."""
    limit = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=limit) as session:
        keys = SigningKeys(session, settings.openid)
        try:
            await keys.fetch()
        except KEY_FAULTS as error:
            return fix(
                f"The keys that Teams signs with cannot be read ({type(error).__name__}). Let this"
                f" machine reach {urlsplit(settings.openid).hostname} over https."
            )
    if not keys.ready:
        return fix("The document of the keys that Teams signs with holds none.")
    return ok("The keys that Teams signs with can be read.")


async def _service(url: str) -> Finding:
    """Only the connection: nothing is asked."""
    where = urlsplit(url)
    secure = where.scheme == "https"
    port = where.port or (443 if secure else 80)
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            _, writer = await asyncio.open_connection(where.hostname, port, ssl=secure or None)
    except ssl.SSLError:
        return fix(f"{where.hostname} answers with a certificate that is not Microsoft's.")
    except (OSError, TimeoutError) as error:
        return fix(
            f"{where.hostname} cannot be reached ({type(error).__name__}), so nothing can be"
            " posted. Let this machine reach it over https."
        )
    writer.close()
    return ok(f"{where.hostname} answers, where messages are posted.")


async def clock(patient: Patient) -> list[Finding]:
    """Against the dates of two answers; the nearer one counts, as an answer may be late."""
    settings = settings_of(patient)
    authority = settings.authority or f"https://login.microsoftonline.com/{settings.tenant_id}"
    asked = (settings.openid, f"{authority}/v2.0/.well-known/openid-configuration")
    session = await graph_session(settings)
    try:
        dates = [await _date(session, url) for url in asked]
    finally:
        await session.close()
    now = patient.now()
    off = [abs((now - date).total_seconds()) for date in dates if date]
    if not off:
        return [check("Nobody answered whose date this machine's clock could be held against.")]
    words = f"This machine's clock is {min(off):.0f} seconds off."
    if min(off) > _TOO_FAR_OFF_S:
        return [fix(f"{words} Tokens are refused. Turn on time synchronisation.")]
    if min(off) > _OFF_S:
        return [check(f"{words} Turn on time synchronisation.")]
    return [ok("This machine's clock is right.")]


async def _date(session: aiohttp.ClientSession, url: str) -> dt.datetime | None:
    limit = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    try:
        async with session.get(url, timeout=limit, allow_redirects=False) as answer:
            return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(dt.UTC)
    except (aiohttp.ClientError, TimeoutError, ValueError, TypeError):
        return None
