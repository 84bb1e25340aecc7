"""Series with people: who is invited to what, who hears of which date, who answers for which."""

from datetime import date, timedelta

import pytest
from django.test import Client

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence, respond_on
from leansoft.calendars.domain.series import end_series, split_series
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import personal_overrides_of, personal_values_on
from leansoft.events.fields import Field, Response
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from leansoft.sync.show.status import event_states
from support.company import Company, required
from support.mondays import MONDAYS, PATTERN, RANGE, WEEKLY, in_step, instance, moved, shown

ANA, CHI = "ana@elsewhere.org", "chi@elsewhere.org"


@pytest.fixture
def series(company: Company, alice: User, bob: User) -> Event:
    """Alice's four Mondays with Bob and somebody from elsewhere, in step; the mail is forgotten."""
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, ANA, when=WEEKLY)
    company.sync(alice)
    company.sync(bob)
    event.refresh_from_db()
    return event


def told(company: Company, after: int) -> list[tuple[str, str]]:
    return sorted((to, kind) for to, kind, _ in company.sandbox.mails()[after:])


def test_a_series_invites_everybody_once(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    assert told(company, 0) == [(ANA, "invitation"), (bob.email, "invitation")]
    assert EventLink.objects.filter(event=series).count() == 2
    in_step(company, alice)
    in_step(company, bob)


def test_a_series_born_with_changed_dates_invites_once_and_cancels_nothing(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    delete_occurrence(event, MONDAYS[1], by=alice, now=clock.now())
    values = {Field.SUBJECT: "Big"}
    edit_occurrence(event, MONDAYS[2], by=alice, values=values, now=clock.now())
    company.sync(alice)
    # The changed date may bring one more mail, but nobody is told that a date is cancelled.
    assert set(told(company, 0)) <= {(ANA, "invitation"), (ANA, "update")}
    assert told(company, 0).count((ANA, "invitation")) == 1
    assert [name for _, name in shown(company.outlook(alice))] == ["Standup", "Big", "Standup"]
    in_step(company, alice)


def test_a_moved_date_tells_everybody_of_that_date_once(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    values = {Field.WHEN: moved(12, 14)}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    assert told(company, 2) == [(ANA, "update"), (bob.email, "update")]
    company.sync(bob)
    assert ("2030-03-12T14:00", "Standup") in shown(company.outlook(bob))
    in_step(company, bob)
    in_step(company, alice)


def test_a_date_taken_out_is_cancelled_for_everybody_and_bobs_copy_is_left_to_outlook(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    delete_occurrence(series, MONDAYS[1], by=alice, now=clock.now())
    company.sync(alice)
    assert told(company, 2) == [(ANA, "cancellation"), (bob.email, "cancellation")]
    before = len(company.sandbox.requests())
    company.sync(bob)
    written = [verb for verb, _ in company.sandbox.requests()[before:] if verb != "GET"]
    assert written == []
    in_step(company, bob)


def test_an_answer_for_one_date_is_for_that_date(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    respond_on(series, MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    assert told(company, 2) == [(alice.email, "response")]
    outlook = company.outlook(bob)
    answers = [
        instance(outlook, f"2030-03-{day.day:02}")["responseStatus"]["response"] for day in MONDAYS
    ]
    assert answers == ["notResponded", "accepted", "notResponded", "notResponded"]
    company.sync(alice)
    in_step(company, alice)
    in_step(company, bob)


def test_an_answer_given_in_outlook_for_one_date_comes_in(
    company: Company, bob: User, series: Event
) -> None:
    outlook = company.outlook(bob)
    outlook.ask("POST", f"/me/events/{instance(outlook, '2030-03-18')['id']}/tentativelyAccept", {})
    company.sync(bob)
    series.refresh_from_db()
    person = series.participants.get(user=bob)
    assert personal_values_on(person, MONDAYS[2])[Field.RESPONSE] == "tentatively_accepted"
    assert personal_values_on(person, MONDAYS[1])[Field.RESPONSE] == "not_responded"


@pytest.mark.parametrize("declines", [True, False])
def test_leaving_one_date_tells_the_organizer_only_when_declining(
    company: Company, bob: User, series: Event, alice: User, declines: bool
) -> None:
    if declines:
        respond_on(series, MONDAYS[1], by=bob, response=Response.DECLINED, now=clock.now())
    else:
        delete_occurrence(series, MONDAYS[1], by=bob, now=clock.now())
    company.sync(bob)
    assert told(company, 2) == ([(alice.email, "response")] if declines else [])
    assert len(shown(company.outlook(bob))) == 3
    assert len(shown(company.outlook(alice))) == 4
    series.refresh_from_db()
    assert series.excluded == []
    in_step(company, bob)


def test_a_date_that_bob_removes_in_outlook_leaves_his_calendar_alone(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    outlook = company.outlook(bob)
    outlook.ask("DELETE", f"/me/events/{instance(outlook, '2030-03-18')['id']}")
    company.sync(bob)
    series.refresh_from_db()
    assert series.excluded == []
    rows = personal_overrides_of(series.participants.get(user=bob))
    assert [day for day, row in rows.items() if row.removed_at] == [MONDAYS[2]]
    company.sync(alice)
    assert len(shown(company.outlook(alice))) == 4


def test_somebody_invited_to_one_date_alone_sees_it_once_and_answers_it(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    company.sync(alice)
    people = [*required(ANA), *required(bob.email)]
    values = {Field.ATTENDEES: people}
    edit_occurrence(event, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    company.sync(bob)
    assert Event.objects.count() == 1
    assert told(company, 1) == [(bob.email, "invitation")]
    respond_on(event, MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    assert told(company, 2) == [(alice.email, "response")]
    (copy,) = company.outlook(bob).events()
    assert copy["responseStatus"]["response"] == "accepted"
    in_step(company, bob)


def test_a_split_is_a_shorter_series_and_a_new_one(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    values = {Field.SUBJECT: "Round"}
    rest = split_series(series, MONDAYS[2], by=alice, values=values, now=clock.now())
    company.sync(alice)
    assert [name for _, name in shown(company.outlook(alice))] == [
        "Standup", "Standup", "Round", "Round",
    ]  # fmt: skip
    masters = [one["subject"] for one in company.outlook(alice).events()]
    assert masters == ["Standup", "Round"]
    assert told(company, 2) == [
        (ANA, "invitation"),
        (ANA, "update"),
        (bob.email, "invitation"),
        (bob.email, "update"),
    ]
    company.sync(bob)
    assert rest.links.count() == 2
    assert Event.objects.count() == 2
    in_step(company, alice)
    in_step(company, bob)


def test_outlooks_new_rule_takes_a_split_back_before_anything_is_made(
    company: Company, alice: User, series: Event
) -> None:
    values = {Field.SUBJECT: "Round"}
    rest = split_series(series, MONDAYS[2], by=alice, values=values, now=clock.now())
    outlook = company.outlook(alice)
    reach = {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 6}
    pattern = outlook.event("Standup")["recurrence"]["pattern"]
    outlook.update("Standup", recurrence={"pattern": pattern, "range": reach})
    company.sync(alice)
    rest.refresh_from_db()
    assert rest.is_archived
    assert [one["subject"] for one in outlook.events()] == ["Standup"]
    assert len(shown(outlook)) == 6
    in_step(company, alice)


def test_ending_a_series_cuts_it(company: Company, alice: User, series: Event) -> None:
    end_series(series, MONDAYS[2], by=alice, now=clock.now())
    company.sync(alice)
    assert len(shown(company.outlook(alice))) == 2
    assert len(company.outlook(alice).events()) == 1
    in_step(company, alice)


def test_a_series_seen_through_an_attendee_is_taken_over_by_its_organizer(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.sandbox.add_account(bob.email, bob.name)
    outlook = company.outlook(alice)
    invited = [{"emailAddress": {"address": bob.email}, "type": "required"}]
    outlook.create("Standup", recurrence={"pattern": PATTERN, "range": RANGE}, attendees=invited)
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", {"subject": "Big"})
    company.start(bob)
    event = Event.objects.get()
    assert event.locked
    assert [str(one.date) for one in event.overrides.all()] == ["2030-03-11"]
    before = len(company.sandbox.mails())
    company.start(alice)
    event.refresh_from_db()
    assert not event.locked
    assert Event.objects.count() == 1
    assert [str(one.date) for one in event.overrides.all()] == ["2030-03-11"]
    assert len(company.sandbox.mails()) == before
    in_step(company, alice)
    in_step(company, bob)


def test_a_date_cancelled_by_somebody_outside_is_taken_out(company: Company, bob: User) -> None:
    company.sandbox.add_account("owner@partner.org", "Olga")
    company.sandbox.add_account(bob.email, bob.name)
    outlook = company.sandbox.person("owner@partner.org")
    invited = [{"emailAddress": {"address": bob.email}, "type": "required"}]
    outlook.create("Standup", recurrence={"pattern": PATTERN, "range": RANGE}, attendees=invited)
    company.start(bob)
    outlook.ask("DELETE", f"/me/events/{instance(outlook, '2030-03-11')['id']}")
    company.sync(bob)
    assert Event.objects.get().excluded == [date(2030, 3, 11)]
    in_step(company, bob)


def test_a_rule_that_outlook_does_not_know_stays_here_and_says_why(
    company: Company, alice: User
) -> None:
    company.start(alice)
    when = {**WEEKLY, "rrule": "FREQ=MONTHLY;BYMONTHDAY=4,18;COUNT=4"}
    event = company.create(alice, "Pay day", ANA, when=when)
    company.sync(alice)
    assert company.outlook(alice).events() == []
    assert company.sandbox.mails() == []
    event.refresh_from_db()
    assert event_states([event], alice)[event.pk] == {
        "state": "not_in_outlook",
        "reason": "Outlook repeats on one day of a month, not on several.",
    }
    in_step(company, alice)


def test_a_series_becomes_a_single_event_and_a_series_again(
    company: Company, alice: User, series: Event
) -> None:
    single = {name: value for name, value in WEEKLY.items() if name != "rrule"}
    company.edit(series, alice, when=single)
    company.sync(alice)
    (event,) = company.outlook(alice).events()
    assert event["type"] == "singleInstance"
    in_step(company, alice)
    company.edit(series, alice, when=WEEKLY)
    company.sync(alice)
    assert len(shown(company.outlook(alice))) == 4
    in_step(company, alice)


def test_a_copy_that_has_not_got_the_new_dates_says_what_waits(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    company.sandbox.control("PUT", "switches", {"delivery_seconds": 600})
    tuesdays = {**WEEKLY, "start": "2030-03-05T08:00:00Z", "end": "2030-03-05T09:00:00Z"}
    company.edit(series, alice, when={**tuesdays, "rrule": "FREQ=WEEKLY;COUNT=4;BYDAY=TU"})
    company.sync(alice)
    day = MONDAYS[1] + timedelta(days=1)
    respond_on(series, day, by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    said = event_states(Event.objects.all(), bob)[series.pk]
    assert said == {
        "state": "waiting",
        "reason": "Your copy in Outlook has not got the dates of Alice Adams's series, so what you "
        "do on single dates here waits. It goes on when Outlook brings your copy up to date.",
    }

    company.sandbox.control("POST", "clock", {"advance": 601})
    company.sync(bob)
    assert event_states(Event.objects.all(), bob)[series.pk]["state"] == "synced"
    assert instance(company.outlook(bob), f"{day}")["responseStatus"]["response"] == "accepted"


def test_a_guests_copy_of_a_date_that_is_no_more_is_listed(
    company: Company, alice: User, bob: User, client: Client
) -> None:
    """Outlook tells guests nothing of a new rule, and it is not for us to end their copies."""
    company.start(alice)
    company.start(bob)
    series = company.create(alice, "Standup", when=WEEKLY)
    company.sync(alice)
    values = {Field.ATTENDEES: required(bob.email), Field.SUBJECT: "With Bob"}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    company.sync(bob)
    client.force_login(bob)
    said = "It invited you to 11 March 2030 alone. That date is no more"
    assert said not in client.get("/outlook/").content.decode()

    tuesdays = {**WEEKLY, "start": "2030-03-05T08:00:00Z", "end": "2030-03-05T09:00:00Z"}
    series.refresh_from_db()
    company.edit(series, alice, when={**tuesdays, "rrule": "FREQ=WEEKLY;COUNT=4;BYDAY=TU"})
    company.edit(series, alice, subject="Secret")
    company.sync(alice)
    company.sync(bob)
    assert [copy["subject"] for copy in company.outlook(bob).events()] == ["With Bob"]
    page = client.get("/outlook/").content.decode()
    assert said in page
    assert "With Bob" in page
    assert "Secret" not in page

    company.outlook(bob).delete("With Bob")
    company.sync(bob)
    assert said not in client.get("/outlook/").content.decode()
