"""Who acted: a person of the partnership, by Entra object id and tenant."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.desk.desk import Desk
from bot.desk.directory import Directory
from bot.domain.decision import Refused, refused
from bot.domain.partnership import Person
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT
from bot.teams.activities import Inbound, Sender
from bot.teams.press import Press

_log = logging.getLogger("frontdoor.bot")

ROLES_UNKNOWN = frozenset({"roles_unknown", "roles_unknown_ring"})
_PRESS_WAITS_S = 5.0
_FLAG_WAITS_S = 1.5
_FLAGS = frozenset({"flag", "intake.open_immediate", "intake.immediate"})


def is_flag(press: Press) -> bool:
    """Whether this press says that a child is not safe now: it must not wait for roles."""
    return press.verb in _FLAGS or (press.verb == "intake.brief" and press.get("safe_now") == "no")


class Who:
    def __init__(self, desk: Desk, directory: Directory, tenant_of: Callable[[str], str]) -> None:
        """`tenant_of` gives the tenant the channel's roster has for a user, empty for none."""
        self._desk = desk
        self._directory = directory
        self._tenant_of = tenant_of

    def tenant_known(self, inbound: Inbound) -> bool:
        """Every tenant the activity names is one of the partnership's, and it names one. A guest of
        the host tenant brings their own, whichever that is.
        """
        named = _places(inbound.sender) | ({inbound.sender.user_tenant_id.lower()} - {""})
        allowed = self._desk.partnership.tenant_ids
        return (bool(named) and named <= allowed) or self._may_be_guest(inbound)

    async def person(self, inbound: Inbound, *, urgent: bool = False) -> Person | Refused | None:
        """None for nobody who may do anything; Refused where roles cannot be asked just now.

        An `urgent` press then goes by the role a person last had, if that may flag.
        """
        sender = inbound.sender
        listed = self._desk.partnership.listed(sender.object_id)
        if listed:
            return listed if self._is_of(listed.tenant, inbound) else None
        found = await self._directory.person(
            sender.object_id,
            self._is_of(HOST_TENANT, inbound) or self._may_be_guest(inbound),
            sender.name,
            _FLAG_WAITS_S if urgent else _PRESS_WAITS_S,
        )
        if not isinstance(found, Refused):
            return found
        last = self._directory.last_known(sender.object_id)
        if last is None or last.role not in DUTY_TEAM:
            return refused("roles_unknown_ring")
        if urgent:
            _log.warning("turn.flag_by_last_role", extra={"user": sender.object_id})
            return last
        return found

    def _may_be_guest(self, inbound: Inbound) -> bool:
        """In the host's tenant, with a tenant of their own that is no partner's: the groups decide.
        Partners' people are on the list, or nobody.
        """
        if not self._directory.active:
            return False
        p, sender = self._desk.partnership, inbound.sender
        seen = {sender.user_tenant_id.lower(), self._tenant_of(sender.object_id).lower()}
        in_hosts = _places(sender) == {p.tenant_by_code[HOST_TENANT]}
        return in_hosts and not seen & p.partners_tenant_ids

    def _is_of(self, tenant: str, inbound: Inbound) -> bool:
        """Whether nothing speaks against this being a person of that tenant."""
        by_code = self._desk.partnership.tenant_by_code
        home, host = by_code[tenant], by_code[HOST_TENANT]
        # A partner's person in our channel may be shown with the host's tenant.
        allowed = {home} if inbound.personal else {home, host}
        sender = inbound.sender
        seen = sender.user_tenant_id or self._tenant_of(sender.object_id)
        return _places(sender) <= allowed and (not seen or seen.lower() == home)


def _places(sender: Sender) -> set[str]:
    return {sender.channel_tenant_id.lower(), sender.conversation_tenant_id.lower()} - {""}
