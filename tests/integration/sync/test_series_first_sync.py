"""Series that were here before Outlook was connected: the choices hold for each of their dates, and
the preview names every mail."""

from datetime import timedelta

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import respond_on
from leansoft.calendars.domain.events import respond
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of, personal_values_on
from leansoft.events.fields import Field, Response, Value
from leansoft.kit import clock
from leansoft.sync.preview.start import preview, start_sync
from support.company import Company, required
from support.dates import again, edit_date, take_out, told
from support.mondays import MONDAYS, WEEKLY, in_step, instance
from support.outlook import people

ANA, CHI = "ana@elsewhere.org", "chi@elsewhere.org"


def since_some_weeks(rule: str) -> Value:
    start = (clock.now() - timedelta(days=70)).replace(hour=8, minute=0, second=0, microsecond=0)
    edges = {"start": start, "end": start + timedelta(hours=1)}
    texts = {edge: at.strftime("%Y-%m-%dT%H:%M:%SZ") for edge, at in edges.items()}
    return {**WEEKLY, **texts, "rrule": rule}


@pytest.mark.parametrize(
    ("rule", "mails"),
    [("FREQ=DAILY", [(ANA, "invitation")]), ("FREQ=DAILY;COUNT=3", [])],
    ids=["goes on", "is over"],
)
def test_a_series_is_over_with_its_last_date(
    company: Company, alice: User, rule: str, mails: list[tuple[str, str]]
) -> None:
    company.create(alice, "Standup", ANA, when=since_some_weeks(rule))
    company.start(alice)
    assert told(company) == mails


def test_quiet_holds_for_people_of_single_dates(company: Company, alice: User) -> None:
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    both = [*required(ANA), *required(CHI)]
    edit_date(event, MONDAYS[1], alice, attendees=both, subject="Big")
    edit_date(event, MONDAYS[2], alice, attendees=required(CHI))
    company.start(alice, invitations="quiet")
    assert told(company) == []
    shown = [instance(company.outlook(alice), str(day)) for day in MONDAYS]
    assert [one["attendees"] for one in shown] == [[], [], [], []]
    # Where only quiet people differ, Outlook has nothing to be told.
    assert [one["type"] for one in shown][2] == "occurrence"
    in_step(company, alice)
    lists = {day: values[Field.ATTENDEES] for day, values in overrides_of(again(event)).items()}
    named = {day: [person["email"] for person in people] for day, people in lists.items()}
    assert named == {MONDAYS[1]: [ANA, CHI], MONDAYS[2]: [CHI]}


def test_a_quiet_person_who_stays_on_one_date_stays_quiet(company: Company, alice: User) -> None:
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    edit_date(event, MONDAYS[1], alice, attendees=required(ANA, CHI))
    company.start(alice, invitations="quiet")
    company.edit(again(event), alice, attendees=[])
    edit_date(event, MONDAYS[1], alice, subject="Big")
    company.sync(alice)
    assert told(company) == []
    in_step(company, alice)
    named = overrides_of(again(event))[MONDAYS[1]][Field.ATTENDEES]
    assert [person["email"] for person in named] == [ANA, CHI]


def test_quiet_people_stay_on_a_date_whose_list_changes_in_outlook(
    company: Company, alice: User
) -> None:
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    company.start(alice, invitations="quiet")
    outlook = company.outlook(alice)
    date = f"/me/events/{instance(outlook, '2030-03-11')['id']}"
    outlook.ask("PATCH", date, {"attendees": people(CHI)})
    company.sync(alice)
    named = overrides_of(again(event))[MONDAYS[1]][Field.ATTENDEES]
    assert sorted(person["email"] for person in named) == [ANA, CHI]
    in_step(company, alice)
    outlook.ask("PATCH", date, {"attendees": []})
    company.sync(alice)
    assert overrides_of(again(event)) == {}
    in_step(company, alice)


@pytest.mark.parametrize("invitations", ["send", "quiet"])
@pytest.mark.parametrize("own_people", [True, False])
def test_the_preview_names_the_mails_of_all_dates(
    company: Company, alice: User, invitations: str, own_people: bool
) -> None:
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    take_out(event, MONDAYS[1], alice)
    edit_date(event, MONDAYS[2], alice, subject="Big")
    if own_people:
        edit_date(event, MONDAYS[3], alice, attendees=[*required(ANA), *required(CHI)])
    mailbox = company.connect(alice)
    plan = preview(mailbox, existing="push", invitations=invitations)
    start_sync(mailbox, existing="push", invitations=invitations)
    run = company.sync(alice)
    written = [mail for action in run.actions.all() for mail in action.mails]
    assert facts(plan["mails"]) == facts(written)
    assert [kind for _, kind in told(company) if kind == "cancellation"] == []


@pytest.mark.parametrize("people_of_date", [[], [CHI]], ids=["as the series", "its own"])
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answers lost"])
def test_answers_given_before_stand_until_outlook_has_others(
    company: Company, alice: User, bob: User, people_of_date: list[str], lost: bool
) -> None:
    event = company.create(alice, "Standup", bob.email, when=WEEKLY)
    everybody = required(bob.email, *people_of_date)
    edit_date(event, MONDAYS[1], alice, attendees=everybody, subject="Big")
    take_out(event, MONDAYS[2], alice)
    respond(again(event), by=bob, response=Response.TENTATIVELY_ACCEPTED, now=clock.now())
    respond_on(again(event), MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    given = ["tentatively_accepted", "accepted"]
    start_sync(company.connect(alice), existing="push", invitations="send")
    for _ in range(4 if lost else 0):
        company.sandbox.fault(path="/events", method="P", when="after", drop=True)
        company.try_sync(alice)
    company.sync(alice)
    in_step(company, alice)
    assert answers(event, bob) == given
    company.edit(again(event), alice, attendees=required(bob.email, ANA))
    company.sync(alice)
    in_step(company, alice)
    assert answers(event, bob) == given
    edit_date(event, MONDAYS[1], alice, location="Room 2")
    company.sync(alice)
    in_step(company, alice)
    assert answers(event, bob) == given


def answers(event: Event, user: User) -> list[Value]:
    """For the series, and for the second Monday."""
    person = again(event).participants.get(user=user)
    return [person.response, personal_values_on(person, MONDAYS[1])[Field.RESPONSE]]


def facts(mails: list[Value]) -> list[tuple[str, str, bool]]:
    return sorted((mail["to"], mail["kind"], mail["certain"]) for mail in mails)
