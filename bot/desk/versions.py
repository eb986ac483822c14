"""The configuration's versions: a referral keeps the one it was opened under."""

from __future__ import annotations

import logging

from bot.desk.ports import Listed, Log
from bot.domain.partnership import Partnership

_log = logging.getLogger("frontdoor.versions")


class Versions:
    """Fills `partnership.earlier`, which `Partnership.as_opened` reads."""

    def __init__(self, partnership: Partnership, log: Log) -> None:
        self._p = partnership
        self._log = log
        self._missing: set[str] = set()

    async def start(self) -> None:
        """Keeps today's version and its people for later, and learns the others. Raises
        StoreUnavailable.
        """
        if self._p.version:
            await self._log.save_terms(self._p.version, self._p.terms)
            await self._log.save_listed(self._p.version, Listed(self._p.people, self._p.tenants))
        await self.load()

    async def load(self) -> None:
        """Every version stored. Raises StoreUnavailable."""
        self._p.earlier.update(await self._log.all_terms())

    async def learn(self, version: str) -> None:
        """Reads a version not met before: another replica may have been started with another file.
        One that is not there, or cannot be read, is said once, and today's serves. Raises
        StoreUnavailable.
        """
        known = version in ("", self._p.version) or version in self._p.earlier
        if known or version in self._missing:
            return
        terms = await self._log.terms(version)
        if terms is not None:
            self._p.earlier[version] = terms
            return
        if version in self._missing:
            return
        self._missing.add(version)
        _log.warning("configuration.version_not_found", extra={"configuration": version})
