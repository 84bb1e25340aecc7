"""Series that reach a calendar although their organizer did not invite its owner: forwarded by
somebody who was, or sent to a group."""

import json

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import respond_on
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.overrides import personal_overrides_of
from leansoft.events.fields import Response
from leansoft.kit import clock
from support.company import Company
from support.dates import again, edit_date, take_out, told
from support.mondays import MONDAYS, PATTERN, RANGE, WEEKLY, in_step, instance, shown
from support.outlook import people

TEAM = "team@example.com"


@pytest.fixture
def series(company: Company, alice: User, bob: User, charlie: User) -> Event:
    """Alice's four Mondays with Bob, one renamed, one taken out; Charlie is connected."""
    for user in (alice, bob, charlie):
        company.start(user)
    event = company.create(alice, "Standup", bob.email, when=WEEKLY)
    edit_date(event, MONDAYS[1], alice, subject="Big")
    take_out(event, MONDAYS[2], alice)
    company.sync(alice)
    company.sync(bob)
    return again(event)


def forward(company: Company, user: User, path: str, to: User) -> None:
    body = {"toRecipients": [{"emailAddress": {"address": to.email, "name": to.name}}]}
    company.outlook(user).ask("POST", f"/me/events/{path}/forward", body)


def everybody_syncs(company: Company, *users: User) -> None:
    for user in users:
        company.sync(user)
    for user in users:
        in_step(company, user)


def test_a_forwarded_series_is_the_same_series_for_one_more(
    company: Company, alice: User, bob: User, charlie: User, series: Event
) -> None:
    (copy,) = company.outlook(bob).events()
    forward(company, bob, copy["id"], charlie)
    before = len(company.sandbox.mails())
    everybody_syncs(company, charlie, alice, bob)
    assert Event.objects.count() == 1
    assert [p.email for p in again(series).attendees] == [bob.email, charlie.email]
    respond_on(again(series), MONDAYS[3], by=charlie, response=Response.ACCEPTED, now=clock.now())
    take_out(series, MONDAYS[0], charlie)
    everybody_syncs(company, charlie, alice, bob)
    assert told(company, after=before) == [(alice.email, "response")]
    assert again(series).excluded == [MONDAYS[2]]
    assert len(shown(company.outlook(alice))) == 3
    edit_date(series, MONDAYS[3], alice, location="Room 2")
    everybody_syncs(company, alice, bob, charlie)
    told_now = [(alice.email, "response"), (bob.email, "update"), (charlie.email, "update")]
    assert told(company, after=before) == told_now
    assert instance(company.outlook(charlie), "2030-03-25")["location"]["displayName"] == "Room 2"


def test_one_forwarded_date_is_that_date_of_the_series(
    company: Company, alice: User, bob: User, charlie: User, series: Event
) -> None:
    date = instance(company.outlook(bob), "2030-03-11")["id"]
    forward(company, bob, date, charlie)
    before = len(company.sandbox.mails())
    # Before Alice's own list names him.
    company.sync(charlie)
    everybody_syncs(company, alice, bob, charlie)
    assert Event.objects.count() == 1
    assert [p.email for p in again(series).attendees] == [bob.email]
    accepted = Response.ACCEPTED
    respond_on(again(series), MONDAYS[1], by=charlie, response=accepted, now=clock.now())
    everybody_syncs(company, charlie, alice, bob)
    assert told(company, after=before) == [(alice.email, "response")]
    (copy,) = company.outlook(charlie).events()
    assert copy["responseStatus"]["response"] == "accepted"


@pytest.mark.parametrize("first", ["organizer", "member"])
def test_a_member_of_an_invited_group_takes_part_without_being_named(
    company: Company, alice: User, charlie: User, first: str
) -> None:
    """Outlook expands a group when it delivers: no list of people names its members."""
    for user in (alice, charlie):
        company.start(user)
    recurrence = {"pattern": PATTERN, "range": RANGE}
    outlook = company.outlook(alice)
    outlook.create("Standup", recurrence=recurrence, attendees=people(charlie.email))
    write_group_for(company, charlie)
    before = len(company.sandbox.mails())
    everybody_syncs(company, *([alice, charlie] if first == "organizer" else [charlie, alice]))
    series = Event.objects.get()
    member = series.participants.get(user=charlie)
    assert (member.email, member.channel) == (charlie.email, Channel.GROUP)
    respond_on(series, MONDAYS[1], by=charlie, response=Response.ACCEPTED, now=clock.now())
    edit_date(series, MONDAYS[2], charlie, show_as="free")
    take_out(series, MONDAYS[3], charlie)
    everybody_syncs(company, charlie, alice)
    theirs = company.outlook(charlie)
    assert instance(theirs, "2030-03-11")["responseStatus"]["response"] == "accepted"
    assert instance(theirs, "2030-03-18")["showAs"] == "free"
    assert [len(shown(one)) for one in (theirs, outlook)] == [3, 4]
    assert told(company, after=before) == [(alice.email, "response")]
    # A change of Alice's names the group to Outlook, and nobody else.
    edit_date(series, MONDAYS[0], alice, subject="Kick-off")
    company.sync(alice)
    (master,) = outlook.events()
    named = [person["emailAddress"]["address"] for person in master["attendees"]]
    assert named == [TEAM]
    rows = personal_overrides_of(again(series).participants.get(user=charlie))
    assert sorted(rows) == MONDAYS[1:]


def write_group_for(company: Company, member: User) -> None:
    """As if the invitation had named a group: the copies do."""
    state = company.sandbox.control("GET", "state")
    text = json.dumps(state["mailboxes"]).replace(f'"{member.email}"', f'"{TEAM}"')
    company.sandbox.control("PUT", "state", {**state, "mailboxes": json.loads(text)})
