"""Activities of every kind that Teams sends, and what a hostile or broken client makes of them."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable
from typing import Any

from bot.domain.partnership import Person
from bot.domain.vocabulary import HOST_TENANT
from bot.teams.who_may import PRESSES
from cards.wording import BOT_NAME
from tests.security.buttons import Button
from tests.security.ground import ELSEWHERE, Ground
from tests.security.tampering import PRESSED_BY, Tampered, activity, apt, own, presser

Json = dict[str, Any]

_TYPED = (
    "help",
    "new referral",
    "mine",
    "open",
    "stats",
    "stats last week by outcome",
    "compare before and after",
    "roll",
    "pause because of a drill",
    "resume",
    "roster",
    "history {ref}",
    "hold {ref} because a court asked",
    "lift hold {ref} because it is over",
    "Her nurse saw her on Monday and she was well.",
    "",
)
_SOMEBODY = ("masho-1", "eh-1", "sw-1", "mgr-1", "man-1", "rec-1", "axt-1", "pol-1")


# Whole activities ------------------------------------------------------------------------


class Corpus:
    def __init__(self, ground: Ground, buttons: list[Button], rng: random.Random) -> None:
        self._ground = ground
        self._buttons = buttons
        self._rng = rng
        self._makers: tuple[Callable[[], Json], ...] = (
            *(self._pressed,) * 5,
            self._refreshed,
            self._typed,
            self._mentioned,
            self._overheard,
            self._changed,
            self._composed,
            self._filed,
            self._consented,
            self._with_file,
            self._joined,
            self._other,
        )
        self.said: list[tuple[str, str, str]] = []
        """(message id, who, thread) of what went into threads, to be edited and deleted."""

    def one(self) -> Json:
        """A whole activity, as Teams would send it."""
        return self._rng.choice(self._makers)()

    def _who(self) -> str:
        return self._rng.choice(_SOMEBODY)

    def _case(self) -> str:
        return self._rng.choice(list(self._ground.cases))

    def _from(self, who: str, conversation: str, **extra: Any) -> Json:
        return self._ground.r.people._activity(presser(self._ground, who), conversation, **extra)

    def _chat(self, who: str) -> str:
        return self._ground.r.world.chat_id(presser(self._ground, who))

    def _pressed(self) -> Json:
        button = self._rng.choice(self._buttons)
        case_id = self._rng.choice(apt(button.verb, self._ground))
        press = Tampered(button, "as it is", own(button, self._ground, case_id))
        return activity(self._ground, press, self._rng.choice(PRESSED_BY), case_id, self._rng)

    def _refreshed(self) -> Json:
        case_id = self._case()
        data = {"verb": "view", "case": case_id, "v": self._ground.version(case_id)}
        value = {"action": {"type": "Action.Execute", "verb": "view", "data": data}}
        thread = self._ground.thread(case_id)
        extra = {"type": "invoke", "name": "adaptiveCard/action", "trigger": "automatic"}
        return self._from(self._who(), thread, **extra, value=value)

    def _words(self) -> str:
        return self._rng.choice(_TYPED).format(ref=self._ground.reference(self._case()))

    def _typed(self) -> Json:
        who = self._who()
        return self._from(who, self._chat(who), type="message", text=self._words())

    def _mentioned(self) -> Json:
        tag = f"<at>{BOT_NAME}</at>"
        bot = {"id": self._ground.r.world.bot_id, "name": BOT_NAME}
        entity = {"type": "mention", "text": tag, "mentioned": bot}
        made = self._overheard()
        return {**made, "text": f"{tag} {self._words()}", "entities": [entity]}

    def _overheard(self) -> Json:
        who, thread = self._who(), self._ground.thread(self._case())
        made = self._from(who, thread, type="message", text=self._words() or "Yes.", entities=[])
        self.said.append((made["id"], who, thread))
        return made

    def _changed(self) -> Json:
        if not self.said:
            return self._overheard()
        message_id, who, thread = self._rng.choice(self.said)
        kind = self._rng.choice(("messageUpdate", "messageDelete"))
        made = self._from(who, thread, type=kind, text="Put right.", entities=[])
        event = "editMessage" if kind == "messageUpdate" else "softDeleteMessage"
        made["channelData"]["eventType"] = event
        return {**made, "id": message_id}

    def _composed(self) -> Json:
        who = self._who()
        value = {"commandId": "newReferral", "commandContext": "compose", "data": {}}
        extra = {"type": "invoke", "name": "composeExtension/fetchTask"}
        return self._from(who, self._chat(who), **extra, value=value)

    def _filed(self) -> Json:
        payload = {
            "id": "quoted-1",
            "createdDateTime": "2026-11-24T09:05:00+00:00",
            "linkToMessage": "https://teams.microsoft.com/l/message/x",
            "from": {"user": {"id": "someone", "displayName": "Someone"}},
            "mentions": [],
            "body": {"contentType": "html", "content": "<div><p>Seen at <b>nursery</b>.</p></div>"},
        }
        value = {"commandId": "addToRecord", "commandContext": "message", "messagePayload": payload}
        extra = {"type": "invoke", "name": "composeExtension/fetchTask"}
        return self._from(self._who(), self._ground.thread(self._case()), **extra, value=value)

    def _consented(self) -> Json:
        who, base = self._rng.choice(("mgr-1", "man-1", "masho-1")), self._ground.r.base
        value = {
            "type": "fileUpload",
            "action": self._rng.choice(("accept", "decline")),
            "context": {"period": "2026-11-23_2026-11-29_", "file": "figures"},
            "uploadInfo": {
                "contentUrl": f"{base}/files/x",
                "name": "x.csv",
                "uploadUrl": f"{base}/upload/x",
                "uniqueId": "x",
                "fileType": "csv",
            },
        }
        extra = {"type": "invoke", "name": "fileConsent/invoke", "value": value}
        return {**self._from(who, self._chat(who), **extra), "replyToId": f"{self._rng.random()}"}

    def _with_file(self) -> Json:
        who = self._rng.choice(("mgr-1", "man-1", "masho-1"))
        content = {"downloadUrl": f"{self._ground.r.base}/files/none", "fileType": "csv"}
        kind = "application/vnd.microsoft.teams.file.download.info"
        file = {"contentType": kind, "name": "calls.csv", "content": content}
        words = {"contentType": "text/html", "content": "<div></div>"}
        made = self._from(who, self._chat(who), type="message", text="")
        return {**made, "attachments": [file, words]}

    def _joined(self) -> Json:
        who = self._who()
        bot = [{"id": self._ground.r.world.bot_id}]
        if self._rng.random() < 0.5:
            return self._from(who, self._chat(who), type="conversationUpdate", membersAdded=bot)
        made = self._from(who, self._ground.r.world.channel_id, type="installationUpdate")
        return {**made, "action": self._rng.choice(("add", "remove", "add-upgrade"))}

    def _other(self) -> Json:
        who = self._who()
        kind = self._rng.choice(("messageReaction", "typing", "event", "endOfConversation"))
        made = self._from(who, self._chat(who), type=kind)
        if self._rng.random() < 0.5:
            made |= {"type": "invoke", "name": "signin/verifyState", "value": {"state": "1"}}
        return made


# What is made of them --------------------------------------------------------------------

Place = tuple[str | int, ...]


def _paths(value: Any, here: Place = ()) -> list[Place]:
    found: list[Place] = [here] if here else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*here, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            found += _paths(inner, (*here, n))
    return found


_STRINGS = (
    "",
    " ",
    "\x00",
    "\ud800",
    "\udfff words",
    "\u202eevil\u202c",
    "🧒🏽" * 40,
    "Z\u0351\u0350" * 200,
    "A" * 20_000,
    "'; DROP TABLE x; --",
    "<![x[ <at>Front Door</at> <script>",
    "../../etc/passwd",
    "{{x}} ${x} %s",
    "true",
    "null",
    "NaN",
    "1e999",
    "-1",
    "https://evil.example/",
    "http://[",
)
_SAID = ("value", "text", "entities", "attachments")
"""What people send, as against what Teams says of who and where they are."""
_ADDED = ("role", "agency", "lead", "tenantId", "verb", "case", "v", "pass")
_NUMBERS = (0, -1, 10**18, 10**200, 1.5, 1e308)
_OTHERS: tuple[Any, ...] = (None, True, False, *_NUMBERS, [], {}, [None], {"a": 1})
_DEEP = re.compile(r'"deep (\d+)"')


def _nested(deep: int) -> str:
    """Objects in lists in objects, as text: Python writes none so deep."""
    pairs = deep // 2
    return '[{"a": ' * pairs + "1" + "}]" * pairs


class Mutator:
    """Changes an activity in one to four places, and sometimes its bytes."""

    def __init__(self, ground: Ground, corpus: Corpus, rng: random.Random) -> None:
        self._rng = rng
        self._corpus = corpus
        people = ground.r.partnership.people
        tenants = ground.r.partnership.tenants
        self._ids = (
            *(p.object_id for p in people),
            *(ground.r.world.user_id(p) for p in people),
            *(p.id for p in people),
            *ground.cases,
            *tenants.values(),
            *tenants,
            ELSEWHERE,
            ground.r.world.channel_id,
            ground.r.world.bot_id,
            "29:nobody",
            *PRESSES,
        )
        self._ways = (
            self._drop,
            self._odd,
            self._string,
            self._deep,
            self._wrong_id,
            self._case,
            self._number,
            self._many,
            self._spliced,
            self._renamed,
            self._added,
        )

    def body(self, whole: Json) -> bytes:
        """The bytes to send: a quarter of them are the activity as it was."""
        made = copy.deepcopy(whole)
        if self._rng.random() > 0.25:
            for _ in range(self._rng.choice((1, 1, 2, 4))):
                self._change(made)
        text = json.dumps(made, ensure_ascii=self._rng.random() < 0.7)
        if self._rng.random() < 0.1:
            text = self._twice(text)
        text = _DEEP.sub(lambda found: _nested(int(found[1])), text)
        data = text.encode("utf-8", "surrogatepass")
        if self._rng.random() < 0.03:
            data = self._broken(data)
        return data

    def _change(self, made: Json) -> None:
        paths = _paths(made)
        said = [p for p in paths if p[0] in _SAID]
        if said and self._rng.random() < 0.6:
            paths = said
        if not paths:
            return
        path = self._rng.choice(paths)
        holder: Any = made
        for step in path[:-1]:
            holder = holder[step]
        self._rng.choice(self._ways)(holder, path[-1])

    def _drop(self, holder: Any, key: Any) -> None:
        del holder[key]

    def _odd(self, holder: Any, key: Any) -> None:
        holder[key] = copy.deepcopy(self._rng.choice(_OTHERS))

    def _string(self, holder: Any, key: Any) -> None:
        holder[key] = self._rng.choice(_STRINGS)

    def _deep(self, holder: Any, key: Any) -> None:
        holder[key] = f"deep {self._rng.choice((5, 60, 300, 900, 20_000))}"

    def _wrong_id(self, holder: Any, key: Any) -> None:
        holder[key] = self._rng.choice(self._ids)

    def _case(self, holder: Any, key: Any) -> None:
        if isinstance(holder[key], str):
            holder[key] = holder[key].swapcase()
        elif isinstance(key, str):
            holder[key.upper()] = holder.pop(key)

    def _number(self, holder: Any, key: Any) -> None:
        """Numbers as strings, strings as numbers."""
        value = holder[key]
        if isinstance(value, str):
            holder[key] = len(value)
        elif isinstance(value, int | float):
            holder[key] = str(value)

    def _many(self, holder: Any, key: Any) -> None:
        holder[key] = [holder[key]] * self._rng.choice((2, 40, 200))

    def _spliced(self, holder: Any, key: Any) -> None:
        """A piece of another activity."""
        other: Any = self._corpus.one()
        for step in self._rng.choice(_paths(other)):
            other = other[step]
        holder[key] = copy.deepcopy(other)

    def _renamed(self, holder: Any, key: Any) -> None:
        if isinstance(key, str):
            holder[self._rng.choice(_STRINGS)[:100]] = holder.pop(key)

    def _added(self, holder: Any, key: Any) -> None:
        if isinstance(holder, dict):
            added = copy.deepcopy(self._rng.choice((*self._ids, *_OTHERS)))
            holder[self._rng.choice(_ADDED)] = added

    def _twice(self, text: str) -> str:
        """A key twice in one object: which counts must not matter to who it is."""
        keys = list(re.finditer(r'"(\w+)": ("[^"\\]*"|\d+)', text))
        if not keys:
            return text
        found = self._rng.choice(keys)
        other = json.dumps(self._rng.choice((*self._ids, *_OTHERS)))
        return f'{text[: found.start()]}"{found[1]}": {other}, {text[found.start() :]}'

    def _broken(self, data: bytes) -> bytes:
        at = self._rng.randrange(len(data))
        return self._rng.choice(
            (
                data[:at],
                data[:at] + bytes([self._rng.randrange(256)]) + data[at + 1 :],
                data.replace(b"null", b"NaN").replace(b": 1", b": Infinity"),
                b"\xef\xbb\xbf" + data,
                data.decode("utf-8", "replace").encode("utf-16"),
                b" " * 270_000 + data,
            )
        )


# Who it says it is from ------------------------------------------------------------------


def _at(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def sender_of(ground: Ground, data: bytes) -> tuple[Person | None, Any]:
    """Who may be logged as having acted, by an own reading of the bytes: somebody on the list, and
    every tenant named one of the partnership's. And the service URL.
    """
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    p = ground.r.front_door.partnership
    allowed = {t.lower() for t in p.tenants.values()}
    places = {
        str(t).lower()
        for t in (_at(body, "channelData", "tenant", "id"), _at(body, "conversation", "tenantId"))
        if isinstance(t, str) and t
    }
    found = p.listed(str(_at(body, "from", "aadObjectId") or ""))
    known = bool(places) and places <= allowed and found is not None
    if found is not None and _at(body, "conversation", "conversationType") == "personal":
        known = known and found.tenant == HOST_TENANT
    return (found if known else None), body.get("serviceUrl")
