"""Whether anybody watches this process, and what a metric or a span may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk import effects
from bot.desk.ticker import TIMERS
from bot.settings import Settings
from bot.store.azure_tables import TABLES
from bot.teams.bot import WITHOUT_BUTTON
from bot.teams.routes import ROUTES
from cards.wording import REFUSALS

if TYPE_CHECKING:
    from bot.telemetry import Known, Telemetry


def known_signals() -> Known:
    """Everything that a metric or a span may name."""
    from bot.telemetry import Known

    return Known(
        verbs=frozenset({*ROUTES, *WITHOUT_BUTTON}),
        codes=frozenset(REFUSALS),
        kinds=frozenset({*effects.KINDS, *TIMERS, "tick", "day"}),
        tables=frozenset(TABLES),
    )


def telemetry_of(settings: Settings) -> Telemetry | None:
    """None where it is not configured: OpenTelemetry is then not even imported."""
    if not settings.telemetry.get_secret_value():
        return None
    from bot.azure_monitor import azure_monitor

    return azure_monitor(settings, known_signals())
