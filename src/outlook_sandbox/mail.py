"""The post office's book: one entry for each recipient of each mail that left a mailbox."""

from datetime import datetime
from enum import StrEnum

import msgspec


class MailKind(StrEnum):
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    RESPONSE = "response"
    NOTICE = "notice"  # anything else that Outlook tells a person, such as "was forwarded"


class Mail(msgspec.Struct, kw_only=True):
    id: str
    at: datetime
    """When it was sent; it arrives at `due_at`."""
    due_at: datetime
    sender: str
    recipient: str
    kind: MailKind
    subject: str
    comment: str | None
    ical_uid: str | None
    cause: str
    text: str = ""
    """The mail as a person reads it."""

    def entry(self) -> dict[str, object]:
        """The mail as `GET /sandbox/mail` shows it."""
        return {
            "at": self.at,
            "from": self.sender,
            "to": self.recipient,
            "kind": self.kind,
            "subject": self.subject,
            "comment": self.comment,
            "ical_uid": self.ical_uid,
            "cause": self.cause,
        }
