"""Parts of a manifest that tests change, and ways to change them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Manifest = dict[str, Any]
Break = Callable[[Manifest], object]


def write_env(path: Path, values: dict[str, str]) -> Path:
    """Write variables as an env file and return its path."""
    path.write_text("".join(f"{k}={v}\n" for k, v in values.items()), encoding="utf-8")
    return path


def bot(manifest: Manifest) -> Manifest:
    """Return the manifest's bot."""
    found: Manifest = manifest["bots"][0]
    return found


def commands(manifest: Manifest) -> list[Manifest]:
    """Return the bot's first command list."""
    found: list[Manifest] = bot(manifest)["commandLists"][0]["commands"]
    return found


def actions(manifest: Manifest) -> list[Manifest]:
    """Return the message extension's commands."""
    found: list[Manifest] = manifest["composeExtensions"][0]["commands"]
    return found


def ask_for(*names: str, kind: str = "Application", owner: bool = True) -> Break:
    """Return a change that asks for resource permissions, for the bot's own app."""

    def change(manifest: Manifest) -> None:
        grant = [{"name": name, "type": kind} for name in names]
        manifest["authorization"] = {"permissions": {"resourceSpecific": grant}}
        if owner:
            manifest["webApplicationInfo"] = {
                "id": bot(manifest)["botId"],
                "resource": "https://example.com",
            }

    return change
