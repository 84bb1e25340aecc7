"""One request to Graph, resolved: who asks, whose mailbox, which calendar."""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outlook_sandbox.http import Call
from outlook_sandbox.identity.scopes import allows
from outlook_sandbox.mailbox.exceptions import (
    bad_request,
    item_not_found,
    malformed_etag,
    no_mailbox,
    stale_etag,
)
from outlook_sandbox.mailbox.models.event import Event
from outlook_sandbox.mailbox.models.items import Item, find_item
from outlook_sandbox.mailbox.models.mailbox import Calendar, Mailbox
from outlook_sandbox.mailbox.prefer import Preferences, read_preferences

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import AccessToken, Account
    from outlook_sandbox.sandbox import Sandbox

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(slots=True)
class Visit:
    sandbox: "Sandbox"
    call: Call
    token: "AccessToken"
    account: "Account"
    """Who asks; also whose mailbox it is, since nothing is shared."""
    calendar_id: str | None = None
    parts: list[str] = field(default_factory=list)
    """What the stars of the route stand for."""
    arguments: str = ""
    """Of a function segment: `reminderView(…)`."""
    prefer: Preferences = field(default_factory=Preferences)

    def __post_init__(self) -> None:
        self.prefer = read_preferences(self.call.headers.get("prefer", ""))

    @property
    def reads_basics_only(self) -> bool:
        return not allows(self.token.scopes, "Calendars.Read")

    @property
    def mailbox(self) -> Mailbox:
        mailbox = self.sandbox.state.mailboxes.get(self.account.id)
        if mailbox is None or not self.account.mailbox:
            raise no_mailbox()
        return mailbox

    @property
    def calendar(self) -> Calendar:
        if self.calendar_id is None:
            return self.mailbox.default_calendar
        return self.mailbox.calendar(self.calendar_id)

    @property
    def item(self) -> Item:
        """The event that the path names; under a named calendar it has to be in that one."""
        code = self.sandbox.switches.deleted_occurrence_code
        item = find_item(self.mailbox, self.parts[0], code)
        if self.calendar_id is not None and item.event.calendar_id != self.calendar.id:
            raise item_not_found()
        return item

    @property
    def value(self) -> Any:
        """The body, which has to be there."""
        value = self.optional_value
        if value is None:
            raise bad_request("Empty Payload. JSON content expected.")
        return value

    @property
    def optional_value(self) -> Any:
        if not self.call.body.strip():
            return None
        try:
            return json.loads(self.call.body)
        except ValueError:
            raise bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set "
                "and payload is of valid JSON format."
            ) from None

    def context(self, path: str) -> str:
        return f"users('{self.account.graph_id}')/{path}"

    def check_etag(self, event: Event) -> None:
        """If-Match (event.md §8)."""
        wanted = self.call.headers.get("if-match", "").strip()
        if not wanted or wanted == "*":
            return
        match = _ETAG.fullmatch(wanted)
        if match is None:
            raise malformed_etag()
        if match[1] != event.change_key:
            raise stale_etag()
