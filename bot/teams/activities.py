"""Activities on the wire, mapped by hand to botbuilder's types.

Measured: the SDK's own deserialiser costs more than the whole rest of a turn, and loses `tenantId`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from bot.desk.card_bytes import card_bytes

Json = dict[str, Any]


class Malformed(Exception):
    """Not an activity."""


class Sender(NamedTuple):
    """Who acted, from the authenticated activity only."""

    user_id: str
    object_id: str
    name: str
    user_tenant_id: str
    channel_tenant_id: str
    conversation_tenant_id: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file a person put into their chat, and where to fetch it. As sent: untrusted."""

    name: str
    url: str


class Inbound(NamedTuple):
    """What a turn needs of an activity. `value` and `text` are as sent: untrusted.

    A tuple: made for every request, at a seventh of a frozen dataclass's cost.
    """

    kind: str
    name: str
    activity_id: str
    reply_to_id: str
    service_url: str
    channel_id: str
    conversation_id: str
    conversation_type: str
    sender: Sender
    recipient_id: str
    text: str
    value: Any
    entities: list[Json]
    team_id: str
    team_channel_id: str
    members_added: tuple[str, ...]
    timestamp: str
    event_type: str
    files: tuple[SentFile, ...] = ()

    @property
    def personal(self) -> bool:
        return self.conversation_type == "personal"

    @property
    def written_at(self) -> dt.datetime | None:
        """When Teams says it was written, aware UTC; None where it does not say."""
        return instant(self.timestamp)


_KINDS = frozenset(
    {
        "message",
        "messageUpdate",
        "messageDelete",
        "messageReaction",
        "conversationUpdate",
        "installationUpdate",
        "invoke",
        "event",
        "typing",
    }
)


def known_kind(kind: str) -> str:
    """For a log line: a type nobody knows may be anybody's words."""
    return kind if kind in _KINDS else "other"


def compact_json(value: Any) -> str:
    return card_bytes(value).decode()


def well_formed(text: str) -> str:
    """Without lone surrogates, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "ignore").decode()


def as_dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def as_text(value: Any, most: int = 1000) -> str:
    if type(value) is not str:
        return ""
    return (value if value.isascii() else well_formed(value))[:most]


def read(body: Any) -> Inbound:
    """Raises Malformed for anything that is no JSON object with a type."""
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Malformed
    sender, conversation = as_dict(body.get("from")), as_dict(body.get("conversation"))
    data = as_dict(body.get("channelData"))
    entities = body.get("entities")
    added = body.get("membersAdded")
    return Inbound(
        kind=as_text(body["type"], 60),
        name=as_text(body.get("name"), 80),
        activity_id=as_text(body.get("id")),
        reply_to_id=as_text(body.get("replyToId")),
        service_url=as_text(body.get("serviceUrl")),
        channel_id=as_text(body.get("channelId"), 60),
        conversation_id=as_text(conversation.get("id")),
        conversation_type=as_text(conversation.get("conversationType"), 40),
        sender=Sender(
            user_id=as_text(sender.get("id")),
            object_id=as_text(sender.get("aadObjectId"), 60),
            name=as_text(sender.get("name"), 200),
            user_tenant_id=as_text(sender.get("tenantId"), 60),
            channel_tenant_id=as_text(as_dict(data.get("tenant")).get("id"), 60),
            conversation_tenant_id=as_text(conversation.get("tenantId"), 60),
        ),
        recipient_id=as_text(as_dict(body.get("recipient")).get("id")),
        text=as_text(body.get("text"), 30_000),
        value=body.get("value"),
        entities=[e for e in entities if isinstance(e, dict)] if isinstance(entities, list) else [],
        team_id=as_text(as_dict(data.get("team")).get("id")),
        team_channel_id=as_text(as_dict(data.get("channel")).get("id")),
        members_added=tuple(as_text(as_dict(m).get("id")) for m in added)
        if isinstance(added, list)
        else (),
        timestamp=as_text(body.get("timestamp"), 60),
        event_type=as_text(data.get("eventType"), 60),
        files=_files(body.get("attachments")),
    )


_FILE = "application/vnd.microsoft.teams.file.download.info"
_MOST_FILES = 10
_LONGEST_ADDRESS = 8000


def _files(attachments: Any) -> tuple[SentFile, ...]:
    """A message also has its own text as an attachment; only files count."""
    listed = attachments if isinstance(attachments, list) else []
    found = [as_dict(a) for a in listed if as_dict(a).get("contentType") == _FILE]
    return tuple(
        SentFile(
            as_text(file.get("name"), 200),
            as_text(as_dict(file.get("content")).get("downloadUrl"), _LONGEST_ADDRESS + 1),
        )
        for file in found[:_MOST_FILES]
    )


def to_botbuilder(inbound: Inbound) -> Activity:
    """The fields the SDK's turn context and handler read."""
    return Activity(
        type=inbound.kind,
        id=inbound.activity_id,
        name=inbound.name or None,
        service_url=inbound.service_url,
        channel_id=inbound.channel_id,
        from_property=ChannelAccount(id=inbound.sender.user_id, name=inbound.sender.name),
        recipient=ChannelAccount(id=inbound.recipient_id),
        conversation=ConversationAccount(
            id=inbound.conversation_id, conversation_type=inbound.conversation_type
        ),
        reply_to_id=inbound.reply_to_id or None,
        text=inbound.text,
        value=inbound.value,
    )


def outgoing(
    *,
    text: str = "",
    card: Json | None = None,
    attachment: Json | None = None,
    summary: str = "",
    entities: list[Json] | None = None,
    bot_id: str = "",
) -> Json:
    """A message to send: text, a card or another attachment. Never two: Teams splits them and
    returns no id.
    """
    out: Json = {"type": "message"}
    if bot_id:
        out["from"] = {"id": bot_id}
    if card is not None:
        out["attachments"] = [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        ]
        if summary:
            out["summary"] = summary
    elif attachment is not None:
        out["attachments"] = [attachment]
    else:
        out["text"] = text
        out["textFormat"] = "markdown"
    if entities:
        out["entities"] = entities
    return out


def instant(value: Any) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(as_text(value, 60))
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def spoken(inbound: Inbound) -> str:
    """The text without the bot's own mention, found by entity and not by name."""
    text = inbound.text
    for entity in inbound.entities:
        mentioned = as_dict(entity.get("mentioned"))
        named = as_text(entity.get("text"), 200)
        ours = entity.get("type") == "mention" and mentioned.get("id") == inbound.recipient_id
        if ours and named:  # an empty name is between any two letters
            text = text.replace(named, " ")
    return " ".join(text.split())


def mentions_bot(inbound: Inbound) -> bool:
    return any(
        e.get("type") == "mention" and as_dict(e.get("mentioned")).get("id") == inbound.recipient_id
        for e in inbound.entities
    )
