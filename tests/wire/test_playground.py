"""`--anonymous`, for Microsoft's Agents Playground: no token, and only ever on this machine."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.assemble import FrontDoor
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.rehearsal.rehearsal import serve
from bot.settings import for_playground


def settings(tmp_path: Path, **changes: object) -> object:
    values = {
        "host": "127.0.0.1",
        "port": 3978,
        "store": str(tmp_path / "playground.db"),
        "configuration": DEFAULT_FILE,
    }
    return for_playground(**{**values, **changes})  # type: ignore[arg-type]


async def test_it_takes_an_activity_without_a_token_from_loopback(tmp_path: Path) -> None:
    front_door = FrontDoor(settings(tmp_path))  # type: ignore[arg-type]
    await front_door.start()
    runner, port = await serve(front_door.app(), 0)
    body = {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": "http://127.0.0.1:9/",
        "conversation": {"id": "a:1", "conversationType": "personal"},
        "from": {"id": "29:1"},
        "recipient": {"id": "28:x"},
        "text": "hello",
    }
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}/api/messages"
        async with session.post(url, json=body) as answer:
            taken = answer.status
        async with session.post(url, json={**body, "serviceUrl": "http://evil/"}) as answer:
            elsewhere = answer.status
    await runner.cleanup()
    await front_door.stop()
    assert taken == 200
    assert elsewhere == 403


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "0.0.0.0"}, "loopback"),
        ({"host": "10.0.0.4"}, "loopback"),
        ({"store": "https://account.table.core.windows.net"}, "on this machine"),
        ({"store": "TableEndpoint=https://account.table.core.windows.net;"}, "on this machine"),
    ],
)
def test_it_is_refused_unless_listener_and_store_are_local(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        settings(tmp_path, **change)
