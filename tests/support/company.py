"""People of Leansoft, and what they do with their Outlook."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import create_event, edit_event
from leansoft.calendars.models import Event
from leansoft.calendars.queries import events_for
from leansoft.connections.calendar import open_calendar
from leansoft.connections.domain.connect import begin_connect, complete_connect
from leansoft.connections.domain.integration import redirect_uri, save_integration
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field, Value
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import start_sync
from leansoft.sync.read.observe import ask, observe
from leansoft.sync.read.pull import pull
from leansoft.sync.run import run_now
from leansoft.sync.state.load import links_to_plan
from leansoft.sync.write.apply import settle_event
from support.outlook import CLIENT_ID, SECRET, OutlookUser, Sandbox
from support.person import sign_in

WHEN = {
    "start": "2030-03-04T08:00:00Z",
    "end": "2030-03-04T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}


class Company:
    """People of Leansoft, and what they do with their Outlook."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        save_integration(enabled=True, client_id=CLIENT_ID, client_secret=SECRET)

    def connect(self, user: User, **account: Any) -> Mailbox:
        """Signs in at Microsoft; the first sync's choices are still open."""
        known = {a["email"] for a in self.sandbox.control("GET", "accounts")["value"]}
        if user.email not in known:
            self.sandbox.add_account(user.email, user.name, **account)
        session = SessionStore()
        address = begin_connect(session, user)
        way = self.sandbox.transport
        back = sign_in(address, email=user.email, back_to=redirect_uri(), transport=way)
        return complete_connect(session, user, back)

    def start(self, user: User, *, existing: str = "push", invitations: str = "send") -> SyncRun:
        """Connects and runs the first sync."""
        mailbox = self.connect(user)
        start_sync(mailbox, existing=existing, invitations=invitations)
        return self.sync(user)

    def sync(self, user: User) -> SyncRun:
        SyncRun.objects.filter(state=SyncRun.State.QUEUED).delete()
        run = self.try_sync(user)
        assert run.state == SyncRun.State.DONE, run.errors
        return run

    def try_sync(self, user: User) -> SyncRun:
        """A round that may fail."""
        return run_now(self.mailbox(user), SyncRun.Cause.MANUAL)

    def pull(self, user: User) -> None:
        """The first half of a round: reads Outlook and writes nothing."""
        mailbox = self.mailbox(user)
        pull(mailbox, open_calendar(mailbox), now=clock.now(), report=lambda *_: None)

    def settle(self, user: User) -> None:
        """The second half of a round: plans and writes by what is known of Outlook already."""
        mailbox = self.mailbox(user)
        run = SyncRun.objects.create(mailbox=mailbox, cause=SyncRun.Cause.MANUAL)
        for key in list(links_to_plan(mailbox)):
            settle_event(run, open_calendar(mailbox), key, clock=clock.now)

    def mailbox(self, user: User) -> Mailbox:
        return Mailbox.objects.get(user=user)

    def outlook(self, user: User) -> OutlookUser:
        return self.sandbox.person(user.email)

    def create(self, organizer: User, subject: str, *invited: str, **fields: Value) -> Event:
        """An event in Leansoft with these people on it."""
        attendees = required(*invited)
        values = {Field.SUBJECT: subject, Field.WHEN: WHEN, Field.ATTENDEES: attendees}
        given = {Field(name): value for name, value in fields.items()}
        return create_event(organizer, values={**values, **given}, now=clock.now())

    def edit(self, event: Event, by: User, **fields: Value) -> Event:
        values = {Field(name): value for name, value in fields.items()}
        return edit_event(event, by=by, values=values, now=clock.now())

    def event(self, user: User, subject: str) -> Event:
        """The only event with this subject on the user's calendar in Leansoft."""
        return events_for(user).get(subject=subject, participants__user=user)


def required(*emails: str) -> list[dict[str, str]]:
    """Leansoft's attendees."""
    return [{"email": email, "name": "", "type": "required"} for email in emails]


def show(mailbox: Mailbox, calendar: Calendar, seen: RemoteEvent) -> None:
    """A page of Outlook's shows this event."""
    ask(mailbox, calendar, *observe(mailbox, [seen]))
