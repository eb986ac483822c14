"""The message that a message action was used on, and its words out of its HTML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.teams.activities import Inbound, Json, as_dict, as_text, instant


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message a message action was used on. Everything in it is as sent: untrusted."""

    id: str
    text: str
    author_object_id: str
    author_name: str
    at: dt.datetime | None
    link: str


def quoted(inbound: Inbound) -> Quoted | None:
    """None where the invoke is not about a message of a person."""
    payload = as_dict(as_dict(inbound.value).get("messagePayload"))
    body = as_dict(payload.get("body"))
    user = as_dict(as_dict(payload.get("from")).get("user"))
    message_id = as_text(payload.get("id"), 100)
    if not message_id or not user:
        return None
    content = as_text(body.get("content"), 30_000)
    html = as_text(body.get("contentType"), 20).lower() != "text"
    link = as_text(payload.get("linkToMessage"), 1000)
    return Quoted(
        message_id,
        plain_text(content, _mentioned_apps(payload)) if html else " ".join(content.split()),
        as_text(user.get("id"), 60),
        as_text(user.get("displayName"), 60),
        instant(payload.get("createdDateTime")),
        link if link.startswith(("https://", "http://")) else "",
    )


def _mentioned_apps(payload: Json) -> frozenset[str]:
    mentions = payload.get("mentions")
    found = [as_dict(m) for m in mentions] if isinstance(mentions, list) else []
    return frozenset(
        str(m.get("id")) for m in found if as_dict(m.get("mentioned")).get("application")
    )


class _Words(HTMLParser):
    """The words of a message's HTML, without the mentions of apps."""

    def __init__(self, apps: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._apps = apps
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag == "at" and (dict(attrs).get("id") or "") in self._apps
        if tag in ("p", "div", "br", "li", "tr"):
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def plain_text(html: str, apps: frozenset[str] = frozenset()) -> str:
    """The words alone, on one line, without the mentions whose ids are in `apps`."""
    parser = _Words(apps)
    parser.feed(html.replace("<![", "&lt;!["))  # the parser gives up at a section it does not know
    parser.close()
    return " ".join("".join(parser.found).split())
