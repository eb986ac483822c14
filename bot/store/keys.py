"""One key a referral for people's words in the export. Destroying it erases them there.

Keys lie apart from the export and are never versioned. A destroyed key leaves a mark, so that an
export that started before cannot make a new one for the words it had read. The mark holds the facts
of the erasure: a log restored from before it gets them back from there.
"""

from __future__ import annotations

import secrets

from bot.store.blobs import Blobs

KEY_BYTES = 32


class Keys:
    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def for_sealing(self, name: str) -> bytes | None:
        """The key, made when there is none; None once it was destroyed. Raises StoreUnavailable."""
        if await self._blobs.get(_gone(name)) is not None:
            return None
        key = await self._blobs.get(_kept(name))
        if key is None:
            await self._blobs.create(_kept(name), secrets.token_bytes(KEY_BYTES))
            key = await self._blobs.get(_kept(name))
        if await self._blobs.get(_gone(name)) is not None:  # destroyed meanwhile
            await self._blobs.delete(_kept(name))
            return None
        return key

    async def for_opening(self, name: str) -> bytes | None:
        """None where there is no key, or none any more."""
        return await self._blobs.get(_kept(name))

    async def destroyed(self, name: str) -> bool:
        return await self._blobs.get(_gone(name)) is not None

    async def destroy(self, name: str, facts: bytes = b"{}") -> bool:
        """Whether there was a key. Safe to repeat: the first `facts` stay."""
        await self._blobs.create(_gone(name), facts)
        there = await self._blobs.get(_kept(name)) is not None
        await self._blobs.delete(_kept(name))
        return there

    async def facts_of(self, name: str) -> bytes | None:
        """What `destroy` was told; None where the key was never destroyed."""
        return await self._blobs.get(_gone(name))


def _kept(name: str) -> str:
    return f"keys/{name}"


def _gone(name: str) -> str:
    return f"gone/{name}"
