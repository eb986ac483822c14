"""People of the simulated Teams' channel who are on nobody's list yet: somebody to add."""

from __future__ import annotations

from bot.configuration import fictional_object_id
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import HOST_TENANT, Role

_NAMES = (("new-1", "Ravi T.", HOST_TENANT), ("new-2", "Joan F.", "police"))


def strangers_of(partnership: Partnership) -> tuple[Person, ...]:
    """Those whose organisation the partnership has."""
    return tuple(
        Person(i, name, Role.NONE, "", tenant, fictional_object_id(i))
        for i, name, tenant in _NAMES
        if tenant in partnership.tenants and partnership.person(i) is None
    )
