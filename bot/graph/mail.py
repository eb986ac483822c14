"""The service mailbox: one plain-text email through Graph's sendMail, which is not idempotent.

The app needs the Exchange role "Application Mail.Send" over this one mailbox (RBAC for
Applications), and not the Graph permission Mail.Send, which is for every mailbox there is.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from typing import NoReturn
from urllib.parse import quote

from bot.desk.graph_ports import MailNotSent, MailUnknown
from bot.graph.client import (
    Answer,
    GraphClient,
    Json,
    NoAnswer,
    NotSent,
    NotSignedIn,
    deadline,
    time_left,
)

_log = logging.getLogger("frontdoor.graph.mail")

WITHIN_S = 6.0
"""Everything, the wait for a token included."""
_LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"""[^\s@<>,;:"()\[\]\\]+@[^\s@<>,;:"()\[\]\\]+""")
_SHORTEST_WAIT_S = 1.0
_FOR_A_TRY_S = 1.0
_NOT_SENT = {
    400: "not_accepted",
    401: "not_signed_in",
    403: "not_permitted",
    404: "no_mailbox",
    413: "too_large",
}


class GraphMailbox:
    """`mailbox`: the address the bot sends from, the one mailbox it was given."""

    def __init__(self, client: GraphClient, mailbox: str, *, within_s: float = WITHIN_S) -> None:
        self._client = client
        self._within_s = within_s
        self._path = f"/v1.0/users/{quote(mailbox, safe='@')}/sendMail"

    async def send(self, to: str, subject: str, text: str) -> None:
        """See `bot.desk.graph_ports.Mailbox`. The email is kept in the mailbox's Sent Items."""
        if not _is_address(to):
            raise MailNotSent("bad_address")
        until = deadline(self._within_s)
        body = _message(to, subject, text)
        while True:
            answer = await self._posted(body, until)
            if answer.status == 202:
                return
            if not _is_throttled(answer):
                _raise_for(answer)
            # Throttled is the one answer after which trying again repeats nothing.
            wait = max(answer.after_s or 0.0, _SHORTEST_WAIT_S)
            if answer.after_s is None or wait + _FOR_A_TRY_S > time_left(until):
                raise MailNotSent("busy", answer.after_s or 0.0)
            await asyncio.sleep(wait)

    async def _posted(self, body: Json, until: float) -> Answer:
        try:
            return await self._client.post(self._path, body, until)
        except NotSignedIn:
            raise MailNotSent("not_signed_in") from None
        except NotSent as error:
            _log.warning("mail.not_sent", extra={"fault": str(error)})
            raise MailNotSent("unreachable") from None
        except NoAnswer as error:
            _log.warning("mail.unknown", extra={"fault": str(error)})
            raise MailUnknown(str(error)) from None


def _is_address(to: str) -> bool:
    """One bare address: nothing that could name a second one, or end a line."""
    if len(to) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(to):
        return False
    return not any(unicodedata.category(c)[0] in "CZ" for c in to)


def _message(to: str, subject: str, text: str) -> Json:
    return {
        "message": {
            "subject": " ".join(subject.split()),
            "body": {"contentType": "Text", "content": text},
            "toRecipients": [{"emailAddress": {"address": to}}],
        },
        "saveToSentItems": True,
    }


def _is_throttled(answer: Answer) -> bool:
    """A 503 that does not say when to come back may come from something half done."""
    return answer.status == 429 or (answer.status == 503 and answer.after_s is not None)


def _raise_for(answer: Answer) -> NoReturn:
    status = answer.status
    if status < 300 or status == 408 or status >= 500:
        _log.warning("mail.unknown", extra={"status": status})
        raise MailUnknown(str(status))
    code = _NOT_SENT.get(status, "not_accepted")
    if status == 400 and answer.error_code == "ErrorInvalidRecipients":
        code = "bad_address"
    _log.warning("mail.not_sent", extra={"status": status, "code": code})
    raise MailNotSent(code)
