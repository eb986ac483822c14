"""What the desk needs of Microsoft Graph: to send one email, and to ask who is in which group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.desk.ports import FrontDoorError


class MailNotSent(FrontDoorError):
    """Nothing went. `code` says why, in the names `cards.wording.MAIL_FAULTS` knows.

    `after_s` is how long the other side asked to wait, 0 where it did not say.
    """

    def __init__(self, code: str, after_s: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.after_s = after_s


class MailUnknown(FrontDoorError):
    """The answer never came, or said nothing: the email may or may not have gone."""


class Mailbox(Protocol):
    """The partnership's service mailbox."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """One plain-text email to one address, never tried twice once it may have gone.

        Ends within six seconds. Raises MailNotSent or MailUnknown. `to` is kept nowhere.
        """


class DirectoryUnavailable(FrontDoorError):
    """Who is in which group could not be asked."""


class Groups(Protocol):
    async def member_of(self, object_id: str, group_ids: Sequence[str]) -> frozenset[str]:
        """Which of these groups (lower-case ids, at most 20) this person is in, nested ones too.

        Empty for somebody the directory does not know. Ends within eight seconds. Raises
        DirectoryUnavailable.
        """
