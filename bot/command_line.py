"""What `python app.py` understands, and how each command ends."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pydantic import SecretStr

from bot import configuration, settings
from bot.assemble import FrontDoor
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.desk.ports import FrontDoorError
from bot.domain.vocabulary import HOST_TENANT
from bot.logs import configure_logs, log_level, run_loop
from bot.opening import config_or_default, opened, store_or_default
from bot.serving import serve
from bot.store.log import TableLog

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


class _Parser(argparse.ArgumentParser):
    """Wrong use ends with 64, because 2 says something else here."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def _parser(more: Callable[[Any], None] = lambda _: None) -> argparse.ArgumentParser:
    """`more` adds further commands."""
    parser = _Parser(prog="python app.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="the bot and the rehearsal desk, on loopback")
    run.add_argument("--store", default=settings.DESK_STORE, help="new file or connection string")
    run.add_argument("--port", type=int, default=3979, help="the rehearsal desk's port")
    run.add_argument("--bot-port", type=int, default=3978)
    run.add_argument("--config", type=Path, default=DEFAULT_FILE, help="the partnership's own file")
    serve = commands.add_parser("serve", help="the bot alone")
    serve.add_argument("--rehearsal", action="store_true", help="for a simulated Teams on loopback")
    serve.add_argument("--host", default=None)
    serve.add_argument("--port", type=int)
    serve.add_argument("--openid", help="its OpenID document")
    serve.add_argument("--authority", help="its sign-in service")
    serve.add_argument("--authority-ca", default="", help="certificate authority file")
    serve.add_argument("--graph", default="", help="its Microsoft Graph: mail and groups")
    serve.add_argument("--service-url", default="", help="where to call back before it has spoken")
    serve.add_argument("--config", type=Path, default=None)
    serve.add_argument("--store", default=None)
    serve.add_argument("--clock", default="", help="rehearsal only: start here, 2026-11-24T09:00Z")
    serve.add_argument("--paced", action="store_true", help="rehearsal only: its limits are on")
    serve.add_argument("--anonymous", action="store_true", help="Agents Playground, loopback only")
    rehearse = commands.add_parser("rehearse", help="act out a scenario file")
    rehearse.add_argument("file", type=Path)
    rehearse.add_argument("--json", type=Path, help="write what happened here")
    rehearse.add_argument("--watch", action="store_true", help="print each line as it happens")
    rehearse.add_argument("--store", default=None, help="file or connection string")
    rebuild = commands.add_parser("rebuild", help="rebuild figures and Decisions from the log")
    rebuild.add_argument("--store", help="file, connection string or account")
    rebuild.add_argument("--config", type=Path)
    more(commands)
    return parser


def main(argv: Sequence[str]) -> int:
    """Exit code: 0 well, 1 differences or rows left out, 2 not all playable, 64 wrong use or
    configuration.
    """
    wanted = list(argv)
    if not wanted or (wanted[0].startswith("-") and wanted[0] not in ("-h", "--help")):
        wanted.insert(0, "serve")
    work: dict[str, Command] = {
        "run": _rehearsing("run"),
        "serve": _serve,
        "rehearse": _rehearsing("rehearse"),
        "rebuild": _rebuild,
    }
    if wanted[0] in work:
        arguments = _parser().parse_args(wanted)
    else:  # the bot need not read these in to start
        from bot import tools_cli

        arguments = _parser(tools_cli.add_parsers).parse_args(wanted)
        work |= tools_cli.RUN
    try:
        if arguments.command != "doctor":  # which says itself that the level is wrong
            configure_logs(log_level(os.environ.get("FRONT_DOOR_LOG_LEVEL", "")))
        return run_loop(work[arguments.command](arguments))
    except ConfigurationError as error:
        print(f"Front Door cannot start:\n{error}", file=sys.stderr)
        return 64
    except FrontDoorError as error:
        print(f"Front Door stopped: {type(error).__name__}: {error}", file=sys.stderr)
        return 70
    except BrokenPipeError:  # whoever read the output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"Front Door cannot start: {error.strerror or error}", file=sys.stderr)
        return 70
    except KeyboardInterrupt:
        return 130


def _rehearsing(command: str) -> Command:
    """The rehearsal is read in only where it is asked for: production never has it."""

    async def work(arguments: argparse.Namespace) -> int:
        from bot.rehearsal import cli

        return await (cli.run(arguments) if command == "run" else cli.rehearse(arguments))

    return work


def _serve_settings(arguments: argparse.Namespace) -> settings.Settings:
    if arguments.graph and not arguments.rehearsal:
        raise ConfigurationError("--graph: in rehearsal only")
    if arguments.paced and not arguments.rehearsal:
        raise ConfigurationError("--paced: in rehearsal only")
    if arguments.anonymous:
        return settings.for_playground(
            host=arguments.host or "127.0.0.1",
            port=arguments.port or 3978,
            store=arguments.store or "var/playground.db",
            configuration=arguments.config or DEFAULT_FILE,
        )
    if not arguments.rehearsal:
        made = settings.from_environment()
        changes = {
            "configuration": arguments.config or made.configuration,
            "store": SecretStr(arguments.store) if arguments.store else made.store,
            "port": arguments.port or made.port,
            "host": arguments.host or made.host,
        }
        return made.model_copy(update=changes)
    if not arguments.openid or not arguments.authority:
        raise ConfigurationError("--rehearsal: needs --openid and --authority")
    partnership = configuration.load(arguments.config or DEFAULT_FILE)
    return settings.for_rehearsal(
        port=arguments.port or 3978,
        openid=arguments.openid,
        authority=arguments.authority,
        authority_ca=arguments.authority_ca,
        store=arguments.store or settings.DESK_STORE,
        configuration=arguments.config or DEFAULT_FILE,
        tenant_id=partnership.tenants[HOST_TENANT],
        service_url=arguments.service_url,
        graph=arguments.graph,
        paced=arguments.paced,
    )


async def _serve(arguments: argparse.Namespace) -> int:
    made = _serve_settings(arguments)
    clock = None
    if arguments.clock:
        if not made.rehearsal:
            raise ConfigurationError("--clock: in rehearsal only")
        from bot.rehearsal.clock import RehearsalClock

        start = dt.datetime.fromisoformat(arguments.clock)
        clock = RehearsalClock(start.astimezone(dt.UTC), running=True)
    front_door = FrontDoor(made, clock=clock)
    if clock is None:
        await serve(front_door)
        return 0
    from bot.rehearsal.clock_api import clock_routes

    await serve(front_door, lambda: clock_routes(front_door, clock))
    return 0


async def _rebuild(arguments: argparse.Namespace) -> int:
    from bot.desk.rebuild import rebuild

    partnership = configuration.load(config_or_default(arguments.config))
    async with opened(store_or_default(arguments.store)) as rows:
        count = await rebuild(rows, TableLog(rows), partnership)
    print(f"Rebuilt {count} referrals.")
    return 0
