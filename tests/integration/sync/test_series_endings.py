"""Series that end, come back or wait: nobody is told what is not so, and nothing is left over."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, unarchive_event
from leansoft.calendars.domain.series import end_series, split_series
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncAction
from leansoft.sync.preview.foresee import foresee_reset
from leansoft.sync.run import execute
from leansoft.sync.show.status import event_states
from support.company import Company, required
from support.dates import again, edit_date, take_out, told
from support.mondays import MONDAYS, PATTERN, RANGE, WEEKLY, in_step, instance, moved, shown
from support.outlook import people

ANA, CHI = "ana@elsewhere.org", "chi@elsewhere.org"


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Four Mondays of Alice's, in step."""
    company.start(alice)
    event = company.create(alice, "Standup", when=WEEKLY)
    company.sync(alice)
    return again(event)


def invite(company: Company, alice: User, series: Event, *invited: str) -> int:
    """Answers how many mails were sent until then."""
    company.edit(again(series), alice, attendees=required(*invited))
    company.sync(alice)
    return len(company.sandbox.mails())


def rename_there(company: Company, alice: User, day: str, subject: str) -> None:
    outlook = company.outlook(alice)
    outlook.ask("PATCH", f"/me/events/{instance(outlook, day)['id']}", {"subject": subject})


def test_back_from_the_archive_invites_once_and_cancels_nothing(
    company: Company, alice: User, series: Event
) -> None:
    invite(company, alice, series, ANA)
    take_out(series, MONDAYS[1], alice)
    edit_date(series, MONDAYS[2], alice, subject="Big")
    company.sync(alice)
    archive_event(again(series), by=alice, now=clock.now())
    company.sync(alice)
    before = len(company.sandbox.mails())
    unarchive_event(again(series), by=alice)
    company.sync(alice)
    assert [name for _, name in shown(company.outlook(alice))] == ["Standup", "Big", "Standup"]
    kinds = [kind for _, kind in told(company, after=before)]
    assert (kinds.count("invitation"), kinds.count("cancellation")) == (1, 0)
    in_step(company, alice)


def test_people_of_single_dates_are_invited_after_the_dates_are_what_they_are(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    take_out(event, MONDAYS[1], alice)
    edit_date(event, MONDAYS[3], alice, attendees=[*required(ANA), *required(CHI)])
    company.sync(alice)
    assert told(company) == [(ANA, "invitation"), (CHI, "invitation")]
    in_step(company, alice)


def test_those_invited_to_single_dates_hear_that_the_series_ends(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    company.start(bob)
    before = invite(company, alice, series, ANA)
    edit_date(series, MONDAYS[1], alice, attendees=[*required(ANA), *required(bob.email)])
    company.sync(alice)
    company.sync(bob)
    before = len(company.sandbox.mails())
    archive_event(again(series), by=alice, now=clock.now())
    run = company.sync(alice)
    foreseen = sorted((m["to"], m["kind"]) for row in run.actions.all() for m in row.mails)
    assert told(company, after=before) == foreseen
    assert foreseen == [(ANA, "cancellation"), (bob.email, "cancellation")]
    company.sync(bob)
    in_step(company, bob)


def test_a_copy_of_one_date_does_not_speak_for_the_series(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    company.start(bob)
    edit_date(series, MONDAYS[1], alice, attendees=required(bob.email))
    company.sync(alice)
    company.sync(bob)
    disconnect(company.mailbox(alice))
    assert not again(series).locked


def test_an_edited_date_in_outlook_beats_a_deletion_here(
    company: Company, alice: User, series: Event
) -> None:
    rename_there(company, alice, "2030-03-11", "Big")
    archive_event(series, by=alice, now=clock.now())
    company.sync(alice)
    assert not again(series).is_archived
    assert overrides_of(again(series)) == {MONDAYS[1]: {Field.SUBJECT: "Big"}}
    in_step(company, alice)


def test_an_edit_does_not_beat_a_deletion_where_somebody_is_on_a_single_date(
    company: Company, alice: User, series: Event
) -> None:
    edit_date(series, MONDAYS[1], alice, attendees=required(CHI))
    company.sync(alice)
    company.outlook(alice).delete("Standup")
    company.edit(again(series), alice, subject="Other")
    before = len(company.sandbox.mails())
    company.sync(alice)
    assert told(company, after=before) == []
    assert again(series).is_archived
    in_step(company, alice)


def test_a_rule_that_outlook_does_not_know_survives_a_deletion_there(
    company: Company, alice: User, series: Event
) -> None:
    when = {**WEEKLY, "rrule": "FREQ=MONTHLY;BYMONTHDAY=4,18;COUNT=4"}
    company.edit(series, alice, when=when)
    company.sync(alice)
    company.outlook(alice).delete("Standup")
    assert company.sync(alice).errors == []
    in_step(company, alice)
    assert event_states([again(series)], alice)[series.pk] == {
        "state": "not_in_outlook",
        "reason": "Outlook repeats on one day of a month, not on several.",
    }


def test_the_rest_of_a_split_waits_for_the_cut_however_long(
    company: Company, alice: User, series: Event
) -> None:
    values = {Field.SUBJECT: "Round"}
    rest = split_series(series, MONDAYS[2], by=alice, values=values, now=clock.now())
    refusal = {"when": "before", "status": 400, "code": "ErrorInvalidRecurrence"}
    company.sandbox.fault(method="PATCH", **refusal)
    company.sync(alice)
    assert event_states([again(rest)], alice)[rest.pk]["state"] == "waiting"
    in_step(company, alice)
    company.edit(again(series), alice, subject="Other")
    company.sync(alice)
    names = [name for _, name in shown(company.outlook(alice))]
    assert names == ["Other", "Other", "Round", "Round"]
    assert event_states([again(rest)], alice)[rest.pk]["state"] == "synced"
    in_step(company, alice)


def test_the_rest_of_a_split_says_why_it_waits_and_what_to_do(
    company: Company, alice: User, series: Event
) -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=4,18;COUNT=6"
    company.edit(again(series), alice, when={**WEEKLY, "rrule": rule})
    company.sync(alice)
    weekly = {**moved(18, 8), "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=2"}
    values = {Field.SUBJECT: "Round", Field.WHEN: weekly}
    rest = split_series(again(series), MONDAYS[2], by=alice, values=values, now=clock.now())
    company.sync(alice)
    assert event_states([again(rest)], alice)[rest.pk] == {
        "state": "waiting",
        "reason": "It goes to Outlook when the dates before it end there, and that cannot be: "
        "Outlook repeats on one day of a month, not on several. Change the rule of “Standup” "
        "before this series, or delete those dates.",
    }
    archive_event(again(series), by=alice, now=clock.now())
    company.sync(alice)
    company.sync(alice)
    assert event_states([again(rest)], alice)[rest.pk]["state"] == "synced"
    assert [name for _, name in shown(company.outlook(alice))] == ["Round", "Round"]


def test_a_new_start_keeps_in_the_history_what_only_stood_here_on_a_date(
    company: Company, alice: User, series: Event
) -> None:
    edit_date(series, MONDAYS[1], alice, subject="Big")
    mailbox = company.mailbox(alice)
    execute(start_over(mailbox, existing=Existing.LEAVE, following=Next.ALL))
    company.sync(alice)
    assert overrides_of(again(series)) == {}
    note = SyncAction.objects.get(occurrence=MONDAYS[1])
    assert note.lost == {"subject": "Big"}


def test_a_new_start_does_not_bring_back_what_was_taken_out(
    company: Company, alice: User, series: Event
) -> None:
    before = invite(company, alice, series, ANA)
    take_out(series, MONDAYS[1], alice)
    take_out(series, MONDAYS[2], alice)
    rename_there(company, alice, "2030-03-18", "News")
    mailbox = company.mailbox(alice)
    foreseen = foresee_reset(mailbox, existing=Existing.LEAVE, following=Next.ALL)
    execute(start_over(mailbox, existing=Existing.LEAVE, following=Next.ALL))
    company.sync(alice)
    names = [("2030-03-04T08:00", "Standup"), ("2030-03-18T08:00", "News")]
    assert shown(company.outlook(alice)) == [*names, ("2030-03-25T08:00", "Standup")]
    assert again(series).excluded == [MONDAYS[1]]
    # The update is Outlook's own.
    assert told(company, after=before) == [(ANA, "cancellation"), (ANA, "update")]
    assert [(mail["to"], mail["kind"]) for mail in foreseen["mails"]] == [(ANA, "cancellation")]
    in_step(company, alice)


@pytest.mark.parametrize("act", ["retime", "end", "archive and back", "split"])
def test_a_series_in_a_zone_without_a_name_is_never_written_back(
    company: Company, alice: User, act: str
) -> None:
    event = in_custom_zone(company, alice)
    before = shown(company.outlook(alice))
    match act:
        case "retime":
            edges = {"start": "2030-03-04T10:00:00Z", "end": "2030-03-04T11:00:00Z"}
            company.edit(event, alice, when={**WEEKLY, **edges, "zone": None})
        case "end":
            end_series(event, MONDAYS[2], by=alice, now=clock.now())
        case "split":
            values = {Field.SUBJECT: "Round"}
            split_series(event, MONDAYS[2], by=alice, values=values, now=clock.now())
        case _:
            archive_event(event, by=alice, now=clock.now())
            company.sync(alice)
            unarchive_event(again(event), by=alice)
            before = []
    assert company.sync(alice).errors == []
    state = event_states([again(event)], alice)[event.pk]
    assert state["state"] == "not_in_outlook"
    assert "time zone that has no name" in str(state["reason"])
    assert shown(company.outlook(alice)) == before
    in_step(company, alice)


def test_a_date_of_a_series_in_a_zone_without_a_name_can_be_moved(
    company: Company, alice: User
) -> None:
    event = in_custom_zone(company, alice)
    edit_date(event, MONDAYS[1], alice, subject="Big", when={**moved(12, 14), "zone": None})
    company.sync(alice)
    assert ("2030-03-12T14:00", "Big") in shown(company.outlook(alice))
    in_step(company, alice)


def test_a_series_stored_in_a_custom_zone_keeps_the_hours_of_the_zone_that_its_rule_names(
    company: Company, alice: User
) -> None:
    standup_in_custom_zone(company, alice)
    company.sync(alice)
    event = Event.objects.get()
    assert event.time_zone == "Europe/Paris"
    company.edit(event, alice, subject="Round")
    company.sync(alice)
    assert [name for _, name in shown(company.outlook(alice))] == ["Round"] * len(MONDAYS)
    in_step(company, alice)


def in_custom_zone(company: Company, alice: User) -> Event:
    standup_in_custom_zone(company, alice)
    state = company.sandbox.control("GET", "state")
    company.sandbox.control("PUT", "state", without_zones_of_rules(state))
    company.sync(alice)
    event = Event.objects.get()
    assert (event.is_series, event.time_zone) == (True, "")
    state = event_states([event], alice)[event.pk]
    assert (state["state"], str(state["reason"]).split(".")[0]) == (
        "synced",
        "Outlook keeps this series in a time zone that has no name",
    )
    return event


def standup_in_custom_zone(company: Company, alice: User) -> None:
    company.sandbox.control("PUT", "switches", {"custom_time_zones": True})
    company.start(alice)
    recurrence = {"pattern": PATTERN, "range": RANGE}
    company.outlook(alice).create("Standup", recurrence=recurrence, attendees=people(ANA))


def without_zones_of_rules(state: Any) -> Any:
    """As Outlook shows a series that came from a calendar of another make."""
    match state:
        case dict():
            named = {name: without_zones_of_rules(value) for name, value in state.items()}
            return named | ({"recurrenceTimeZone": ""} if "recurrenceTimeZone" in state else {})
        case list():
            return [without_zones_of_rules(value) for value in state]
        case _:
            return state
