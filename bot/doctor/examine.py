"""Runs the checks one after the other, each for a bounded time, whatever the others found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from bot.doctor.finding import Check, Finding, Level, NotYet, Patient, check, fix

WITHIN_S = 30.0
"""For one check."""


async def examined(
    patient: Patient, checks: Sequence[Check], within_s: float = WITHIN_S
) -> AsyncIterator[tuple[str, Finding]]:
    """Each finding with its check's name, as it is found."""
    try:
        for each in checks:
            for finding in await _looked(patient, each, within_s):
                yield each.name, finding
    finally:
        if patient.identity:
            await patient.identity.close()


async def _looked(patient: Patient, each: Check, within_s: float) -> list[Finding]:
    try:
        async with asyncio.timeout(within_s):
            return await each.look(patient)
    except NotYet as first:
        return [check(f"Not looked at: put {first} right first, and run this again.")]
    except TimeoutError:
        return [fix(f"No answer within {within_s:g} seconds. Look at the network between the two.")]
    except Exception as error:  # noqa: BLE001 - the job boundary: the other checks must still run
        return [fix(f"This could not be looked at: {type(error).__name__}. Please report it.")]


def exit_code(levels: Sequence[Level]) -> int:
    """1 where there is something to fix."""
    return int(Level.FIX in levels)
