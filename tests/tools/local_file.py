"""F5 in Teams on a clean clone: makes the partnership's file that the bot is started with.

The Toolkit has written the developer's tenant into env/.env.local by then. The file is the example
with that tenant as the host; one that is there already is never changed. Run it as
`python -m tests.tools.local_file`.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from bot import configuration
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.domain.vocabulary import HOST_TENANT
from manifest.variables import parse_env

ROOT = Path(__file__).resolve().parents[2]
ENV = ROOT / "env" / ".env.local"


class NotMade(Exception):
    """The message is what the developer can do about it."""


def make_file(env: Path, root: Path) -> tuple[Path, bool]:
    """Where it is, and whether it was made just now. Raises NotMade."""
    values = parse_env(env.read_text(encoding="utf-8"))
    tenant, name = values.get("TEAMS_APP_TENANT_ID", ""), values.get("FRONT_DOOR_CONFIG", "")
    if not tenant:
        raise NotMade(f"TEAMS_APP_TENANT_ID in {env} is empty: sign in and run Provision first.")
    if not name:
        raise NotMade(f"FRONT_DOOR_CONFIG in {env} is empty: put var/partnership.local.toml there.")
    path = root / name
    if path.exists():
        _must_be_of(path, tenant)
        return path, False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_example_of(tenant), encoding="utf-8")
    _must_be_of(path, tenant)
    return path, True


def _example_of(tenant: str) -> str:
    example = DEFAULT_FILE.read_text(encoding="utf-8")
    invented = tomllib.loads(example)["tenants"][HOST_TENANT]["id"]
    return example.replace(invented, tenant)


def _must_be_of(path: Path, tenant: str) -> None:
    try:
        host = configuration.load(path).tenants[HOST_TENANT]
    except ConfigurationError as error:
        raise NotMade(f"{path} cannot be used:\n{error}") from None
    if host.lower() != tenant.lower():
        raise NotMade(
            f"{path}: [tenants.host] id is {host}, and you are signed in to {tenant}."
            " Put your tenant there, or delete the file and start again."
        )


def main(env: Path = ENV, root: Path = ROOT) -> int:
    try:
        path, made = make_file(env, root)
    except NotMade as no:
        print(no, file=sys.stderr)
        return 64
    if made:
        print(f"{path} is the example with your tenant in it.")
        print("To press anything, put your own object id in place of somebody's under [[people]].")
    return 0


if __name__ == "__main__":
    sys.exit(main())
