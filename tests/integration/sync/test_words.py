"""What people read: the state of the sync, and whom an act will mail."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import edit_occurrence
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit.clock import now
from leansoft.sync.control import disconnect, pause, resume
from leansoft.sync.preview.forecast import forecast_act, forecast_following, sentence
from leansoft.sync.show.status import event_states, outlook_status
from support.company import WHEN, Company

ANA, BO = "ana@elsewhere.org", "bo@elsewhere.org"


def invited(*emails: str) -> list[dict[str, Any]]:
    return [{"email": email, "name": "", "type": "required"} for email in emails]


def test_state_before_anything_is_set_up(alice: User, admin: User) -> None:
    assert outlook_status(alice)["state"] == "not_configured"
    assert "Ada Admin" in outlook_status(alice)["next_step"]
    assert "Settings" in outlook_status(admin)["next_step"]


def test_state_follows_the_connection(company: Company, alice: User) -> None:
    seen = [outlook_status(alice)["state"]]
    company.start(alice)
    mailbox = Mailbox.objects.get()
    for act in (lambda _: None, pause, resume, disconnect):
        act(mailbox)
        seen.append(outlook_status(alice)["state"])
    assert seen == ["not_connected", "connected", "paused", "connected", "not_connected"]


def test_a_return_after_disconnecting_doubles_nothing_and_mails_nobody(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    disconnect(Mailbox.objects.get())
    assert event_states([event], alice)[event.pk]["state"] == "not_connected"
    company.start(alice)
    assert len(company.outlook(alice).events()) == Event.objects.count() == 1
    assert len(company.sandbox.mails()) == 1


def test_an_event_says_how_it_stands(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    assert event_states([event], alice)[event.pk]["state"] == "waiting"
    company.sync(alice)
    event.refresh_from_db()
    assert event_states([event], alice)[event.pk]["state"] == "synced"
    assert event_states([event], bob)[event.pk]["state"] == "not_connected"


@pytest.mark.parametrize(
    ("act", "values", "expected"),
    [
        ("create", {Field.WHEN: WHEN, Field.ATTENDEES: invited(ANA)}, "invite 1 person: Ana."),
        ("edit", {Field.SUBJECT: "Coffee"}, "mail 2 people: Ana, bo@elsewhere.org."),
        ("edit", {Field.SUBJECT: "Tea"}, ""),
        ("edit", {Field.SHOW_AS: "free"}, ""),
        (
            "edit",
            {Field.ATTENDEES: invited(ANA)},
            "send a cancellation to 1 person: bo@elsewhere.org.",
        ),
        ("edit", {Field.ATTENDEES: invited(ANA, BO, "c@x.org")}, "invite 1 person: c@x.org."),
        ("archive", {}, "send a cancellation to 2 people: Ana, bo@elsewhere.org."),
        ("unarchive", {}, "invite 2 people: Ana, bo@elsewhere.org."),
    ],
)
def test_the_form_says_who_will_be_mailed(
    company: Company, alice: User, act: str, values: dict[Field, Any], expected: str
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA, BO)
    mails = forecast_act(act, None if act == "create" else event, values, by=alice)
    said = sentence(mails, {ANA: "Ana"})
    assert said == (f"Outlook will {expected}" if expected else "")


DAILY = {**WHEN, "rrule": "FREQ=DAILY;COUNT=5"}
FIRST = datetime.fromisoformat(str(WHEN["start"])).date()
DAYS = [FIRST + timedelta(days) for days in range(5)]


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Five days; on the second Ana alone is asked, and the fourth has another name."""
    company.start(alice)
    event = company.create(alice, "Tea", ANA, BO, when=DAILY)
    different: dict[date, dict[Field, Any]] = {
        DAYS[1]: {Field.ATTENDEES: invited(ANA)},
        DAYS[3]: {Field.SUBJECT: "Coffee"},
    }
    for day, values in different.items():
        edit_occurrence(event, day, by=alice, values=values, now=now())
    return Event.objects.get()


def told(mails: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    return [(mail["to"], mail["kind"], mail["certain"]) for mail in mails]


def test_a_change_of_a_series_mails_once_more_for_each_date_that_differs(
    alice: User, series: Event
) -> None:
    mails = forecast_act("edit", series, {Field.LOCATION: "Roof"}, by=alice)
    assert told(mails) == [
        (ANA, "update", True),
        (BO, "update", True),
        (ANA, "update", True),
        (ANA, "update", True),
        (BO, "update", True),
    ]
    assert sentence(mails, {ANA: "Ana"}) == "Outlook will mail 2 people: Ana, bo@elsewhere.org."


def test_a_new_time_of_a_series_may_mail_for_dates_that_differ(alice: User, series: Event) -> None:
    mails = forecast_act("edit", series, {Field.WHEN: {**DAILY, "end": WHEN["start"]}}, by=alice)
    assert [certain for _, _, certain in told(mails)] == [True, True, False, False, False]
    assert sentence(mails, {}) == f"Outlook will mail 2 people: {ANA}, {BO}."


def test_a_change_of_one_date_mails_whom_that_date_has(alice: User, series: Event) -> None:
    one = event_on(series, DAYS[1])
    assert told(forecast_act("edit", one, {Field.LOCATION: "Roof"}, by=alice)) == [
        (ANA, "update", True)
    ]
    assert told(forecast_act("delete", one, {}, by=alice)) == [(ANA, "cancellation", True)]


def test_a_split_ends_one_series_and_invites_to_another(alice: User, series: Event) -> None:
    values = {Field.LOCATION: "Roof"}
    mails = told(forecast_following("edit", series, DAYS[2], values, by=alice))
    assert mails[:2] == [(ANA, "update", True), (BO, "update", True)]
    assert mails[-4:] == [
        (ANA, "invitation", True),
        (BO, "invitation", True),
        (ANA, "update", True),
        (BO, "update", True),
    ]
    ended = told(forecast_following("delete", series, DAYS[2], {}, by=alice))
    assert ended == mails[:-4]
    assert forecast_following("delete", series, DAYS[0], {}, by=alice) == forecast_act(
        "delete", series, {}, by=alice
    )


def test_nobody_is_mailed_without_a_connection(alice: User, company: Company) -> None:
    event = company.create(alice, "Tea", ANA)
    assert forecast_act("archive", event, {}, by=alice) == []


def test_quiet_people_are_not_counted(company: Company, alice: User) -> None:
    event = company.create(alice, "Tea", ANA)
    company.start(alice, invitations="quiet")
    event.refresh_from_db()
    assert forecast_act("archive", Event.objects.get(), {}, by=alice) == []
