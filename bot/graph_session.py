"""The connections to Microsoft Graph."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp

from bot.settings import Settings


async def graph_session(settings: Settings) -> aiohttp.ClientSession:
    """TLS as the sign-in service's, and its proxies: in rehearsal both are on loopback."""
    trusted: ssl.SSLContext | bool = True
    if settings.rehearsal and not settings.authority_ca:
        trusted = False
    elif settings.authority_ca:
        trusted = await asyncio.to_thread(ssl.create_default_context, cafile=settings.authority_ca)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=not settings.rehearsal,
    )
