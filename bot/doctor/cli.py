"""`python app.py doctor`: the command, and how what it finds is shown."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import configuration, settings
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.doctor.checks import CHECKS
from bot.doctor.examine import examined, exit_code
from bot.doctor.finding import Level, Patient
from bot.domain.vocabulary import HOST_TENANT
from bot.settings import Settings


def add_parser(commands: argparse._SubParsersAction[Any]) -> None:
    doctor = commands.add_parser("doctor", help="what is missing or wrong, and what to do")
    doctor.add_argument("--config", type=Path, default=None, help="the partnership's own file")
    doctor.add_argument("--store", default=None, help="file, connection string or endpoint")
    doctor.add_argument("--json", action="store_true", help="as JSON, on standard output")
    doctor.add_argument(
        "--other-mailbox",
        default="",
        metavar="ADDRESS",
        help="any mailbox that is not the bot's: sending from it must be refused; nothing is sent",
    )
    doctor.add_argument("--rehearsal", action="store_true", help="a simulated Teams on loopback")
    for name in ("openid", "authority", "authority-ca", "graph", "service-url"):
        doctor.add_argument(f"--{name}", default="", help=argparse.SUPPRESS)


async def run(arguments: argparse.Namespace) -> int:
    """0 all well, 1 something to fix."""
    logging.disable(logging.CRITICAL)  # each finding says it in words
    try:
        return await _shown(patient_of(arguments), as_json=arguments.json)
    finally:
        logging.disable(logging.NOTSET)


def patient_of(arguments: argparse.Namespace) -> Patient:
    return Patient(
        env=os.environ,
        read_settings=lambda: _settings(arguments),
        now=lambda: dt.datetime.now(dt.UTC),
        other_mailbox=arguments.other_mailbox,
        configuration=arguments.config,
    )


def _settings(arguments: argparse.Namespace) -> Settings:
    """Raises ConfigurationError."""
    if not arguments.rehearsal:
        made = settings.from_environment()
        changes = {
            "configuration": arguments.config or made.configuration,
            "store": SecretStr(arguments.store) if arguments.store else made.store,
        }
        return made.model_copy(update=changes)
    if not arguments.openid or not arguments.authority:
        raise ConfigurationError("--rehearsal: needs --openid and --authority")
    file = arguments.config or DEFAULT_FILE
    return settings.for_rehearsal(
        port=3978,
        openid=arguments.openid,
        authority=arguments.authority,
        authority_ca=arguments.authority_ca,
        store=arguments.store or settings.DESK_STORE,
        configuration=file,
        tenant_id=configuration.load(file).tenants[HOST_TENANT],
        service_url=arguments.service_url,
        graph=arguments.graph,
    )


async def _shown(patient: Patient, *, as_json: bool) -> int:
    found = []
    async for name, finding in examined(patient, CHECKS):
        found.append({"check": name, "level": str(finding.level), "words": finding.words})
        if not as_json:
            print(f"{finding.level:<5}  {name}: {finding.words}", flush=True)
    levels = [Level(each["level"]) for each in found]
    if as_json:
        print(json.dumps({"findings": found, "exit": exit_code(levels)}, indent=2))
    else:
        print(f"\n{_summary(levels)}")
    return exit_code(levels)


def _summary(levels: list[Level]) -> str:
    wrong, unsure = levels.count(Level.FIX), levels.count(Level.CHECK)
    if not wrong and not unsure:
        return "All well."
    return f"{wrong} to fix, {unsure} to check."
