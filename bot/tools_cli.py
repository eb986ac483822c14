"""The commands that are not the bot: figures, files in and out, records, who, and the doctor."""

from __future__ import annotations

import argparse
from typing import Any

from bot import export_cli, figures_cli, imports_cli, records_cli, who_cli
from bot.doctor import cli as doctor_cli

RUN = {
    "stats": figures_cli.run,
    "doctor": doctor_cli.run,
    "who": who_cli.run,
    **dict.fromkeys(imports_cli.KINDS, imports_cli.take_in),
    **export_cli.RUN,
    **records_cli.RUN,
}


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    figures_cli.add_stats(commands)
    imports_cli.add_parsers(commands)
    export_cli.add_parsers(commands)
    records_cli.add_parsers(commands)
    doctor_cli.add_parser(commands)
    who_cli.add_who(commands)
