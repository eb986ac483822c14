"""Every check, in the order they are shown. A new one is a function and a line here."""

from __future__ import annotations

from bot.doctor.configured import configuration_file, environment, time_zones
from bot.doctor.exporting import daily_export
from bot.doctor.finding import Check
from bot.doctor.microsoft import groups, mailbox, sign_in
from bot.doctor.outside import clock, teams
from bot.doctor.storing import disk, store, telemetry

CHECKS: tuple[Check, ...] = (
    Check("Environment", environment),
    Check("Configuration file", configuration_file),
    Check("Time zones", time_zones),
    Check("Store", store),
    Check("Disk", disk),
    Check("Daily export", daily_export),
    Check("Sign-in", sign_in),
    Check("Groups", groups),
    Check("Mailbox", mailbox),
    Check("Teams", teams),
    Check("Clock", clock),
    Check("Telemetry", telemetry),
)
