"""Pages of the history: search, the time line of an event, restoring, and the undo's page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond
from leansoft.calendars.models import Event
from leansoft.contacts.models import Contact
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.run import execute
from support.company import Company
from support.outlook import people

ANA = "ana@elsewhere.org"


@pytest.fixture
def started(company: Company, alice: User, client: Client) -> Company:
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Paris")
    Contact.objects.create(name="Ana Lund", email=ANA)
    company.start(alice)
    client.force_login(User.objects.get(pk=alice.pk))
    return company


def read(client: Client, path: str, **asked: str) -> str:
    """What a person reads of a page's content, or of the part of it that htmx asks for."""
    whole = path.startswith("/outlook/runs/") and path.endswith("/")
    headers = {} if whole else {"HX-Request": "true"}
    page = client.get(path, asked, headers=headers).content.decode()
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split()).replace("&quot;", '"')


def only() -> Event:
    return Event.objects.get()


# Search


def test_the_history_is_found_by_event_person_reason_and_filter(
    started: Company, client: Client, alice: User
) -> None:
    started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.outlook(alice).create("Lunch")
    started.sync(alice)

    def found(**asked: str) -> list[str]:
        names = ("Tea", "Lunch")
        listed = read(client, "/outlook/history", **asked)
        return [name for name in names if f"{name} :" in listed]

    assert found(find="lunch") == ["Lunch"]
    assert found(find="Ana Lund") == found(find=ANA) == ["Tea"]
    assert found(find="new in outlook") == ["Lunch"]
    started.edit(Event.objects.get(subject="Lunch"), alice, subject="Brunch")
    assert found(find="brunch") == ["Lunch"]
    assert "Nothing found" in read(client, "/outlook/", find="zebra")
    assert found(find="by hand") == ["Tea", "Lunch"]
    assert found(side="outlook") == found(find="tea", kind="created") == ["Tea"]
    assert found(kind="deleted") == found(outcome="refused") == []
    assert "Nothing found" in read(client, "/outlook/history", find="zebra")
    assert "Tea : created in Outlook" in read(client, "/outlook/", find="tea")


@pytest.mark.parametrize("asked", [{"find": "Tea"}, {}], ids=["a search", "the whole list"])
def test_the_history_lists_many_writes_briefly_with_as_many_queries(
    started: Company, client: Client, alice: User, asked: dict[str, str]
) -> None:
    def search() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            page = read(client, "/outlook/history", **asked)
        return len(queries), page

    started.create(alice, "Tea", ANA)
    started.sync(alice)
    few, _ = search()
    for number in range(7):
        started.create(alice, f"Tea {number}", ANA)
    started.sync(alice)
    many, page = search()
    assert (page.count("created in Outlook"), "… and 2 more" in page) == (5 + 1, True)
    assert many == few


def test_nobody_finds_what_is_another_persons(
    started: Company, client: Client, alice: User, bob: User
) -> None:
    started.start(bob)
    started.create(bob, "Secret")
    started.sync(bob)
    assert "Nothing found" in read(client, "/outlook/history", find="Secret")
    assert client.get(f"/outlook/events/{only().pk}/").status_code == 404


# The time line


def test_the_time_line_says_what_changed_from_what_to_what_and_whom_it_mailed(
    started: Company, client: Client, alice: User
) -> None:
    event = started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.edit(event, alice, subject="Coffee", reminder=30)
    started.sync(alice)
    started.outlook(alice).update(
        "Coffee",
        start={"dateTime": "2030-03-05T10:00:00", "timeZone": "Europe/Paris"},
        end={"dateTime": "2030-03-05T11:00:00", "timeZone": "Europe/Paris"},
        showAs="oof",
    )
    started.sync(alice)
    page = read(client, f"/outlook/events/{event.pk}/")
    assert "Changed in Leansoft Why: Changed in your Outlook Time Mon 4 Mar 2030, 09:00" in page
    assert "became Tue 5 Mar 2030, 10:00–11:00 Availability busy became out of office" in page
    assert "Changed in Outlook Why: You changed it in Leansoft Subject Tea became Coffee" in page
    assert "Reminder 15 minutes before became 30 minutes before Mail: Update to Ana Lund" in page
    assert "Created in Outlook Why: You made it in Leansoft With what it held" in page
    assert "People Ana Lund" in page
    assert page.index("Tue 5 Mar 2030") < page.index("Tea became Coffee") < page.index("Invitation")


def test_each_person_sees_what_their_own_mailbox_did(
    started: Company, client: Client, alice: User, bob: User
) -> None:
    started.start(bob)
    started.create(alice, "Tea", bob.email)
    started.sync(alice)
    started.sync(bob)
    started.edit(only(), bob, show_as="free")
    started.sync(bob)
    mine = read(client, f"/outlook/events/{only().pk}/")
    client.force_login(bob)
    theirs = read(client, f"/outlook/events/{only().pk}/")
    assert ("Created in Outlook" in mine, "became free" in mine) == (True, False)
    assert ("Created in Outlook" in theirs, "became free" in theirs) == (False, True)


def test_an_event_that_never_met_outlook_has_an_empty_time_line(
    company: Company, client: Client, alice: User
) -> None:
    client.force_login(alice)
    event = company.create(alice, "Tea")
    assert "Nothing has been written about this event yet" in read(
        client, f"/outlook/events/{event.pk}/"
    )


def test_the_time_line_names_who_changed_something(
    started: Company, client: Client, alice: User, bob: User
) -> None:
    started.sandbox.add_account(bob.email, bob.name)
    started.outlook(bob).create("Tea", attendees=people(alice.email))
    started.sync(alice)
    started.outlook(bob).update("Tea", subject="Coffee")
    started.sync(alice)
    started.outlook(alice).update("Coffee", showAs="oof")
    started.sync(alice)
    respond(only(), by=alice, response=Response.ACCEPTED, now=clock.now())
    started.sync(alice)
    page = read(client, f"/outlook/events/{only().pk}/")
    assert "Why: An invitation of Bob Brown came to your Outlook" in page
    assert "Why: Bob Brown changed it in Outlook Subject Tea became Coffee" in page
    assert "Why: Changed in your Outlook Availability tentative became out of office" in page
    assert "Why: You answered it in Leansoft Mail: Response to Bob Brown" in page


def test_the_time_line_is_silent_of_those_who_have_not_answered(
    started: Company, client: Client, alice: User
) -> None:
    started.outlook(alice).create("Tea", attendees=people(ANA))
    started.sync(alice)
    page = read(client, f"/outlook/events/{only().pk}/")
    assert "People Ana Lund" in page
    assert "Answers" not in page


# Values that lost


@pytest.fixture
def overruled(started: Company, alice: User) -> SyncAction:
    """Outlook's subject won over ours."""
    event = started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.edit(event, alice, subject="Ours")
    earlier = clock.now() - timedelta(hours=1)
    Event.objects.update(edited_at={"subject": earlier.isoformat()})
    started.outlook(alice).update("Tea", subject="Theirs")
    started.sync(alice)
    return SyncAction.objects.get(lost__has_key="subject")


def test_a_lost_value_comes_back_on_both_sides(
    started: Company, client: Client, alice: User, overruled: SyncAction
) -> None:
    page = client.get(f"/outlook/events/{only().pk}/").content.decode()
    assert "Overruled:</strong> Leansoft&#x27;s subject “Ours”" in page
    assert "Outlook will mail 1 person: Ana Lund." in page
    answer = client.post(f"/outlook/actions/{overruled.pk}/restore", {"field": "subject"})
    assert answer["Location"] == f"/outlook/events/{only().pk}/"
    execute(SyncRun.objects.get(state=SyncRun.State.QUEUED))
    assert only().subject == "Ours"
    assert started.outlook(alice).event("Ours")
    assert "It holds this value now." in read(client, f"/outlook/events/{only().pk}/")


def test_a_lost_value_is_refused_to_whoever_may_not_edit(
    started: Company, client: Client, alice: User, bob: User, overruled: SyncAction
) -> None:
    address = f"/outlook/actions/{overruled.pk}/restore"
    assert client.post(address, {"field": "location"}).status_code == 404
    archive_event(only(), by=alice, now=clock.now())
    client.post(address, {"field": "subject"})
    assert only().subject == "Theirs"
    assert "The event is no longer on the calendar." in read(
        client, f"/outlook/events/{only().pk}/"
    )
    client.force_login(bob)
    assert client.post(address, {"field": "subject"}).status_code == 404


def test_an_attendee_cannot_bring_shared_content_back(
    started: Company, client: Client, alice: User, bob: User
) -> None:
    started.sandbox.add_account(bob.email, bob.name)
    started.outlook(bob).create("Tea", attendees=people(alice.email))
    run = started.sync(alice)
    action = run.actions.get()
    action.lost = {"subject": "Mine"}
    action.save()
    page = read(client, f"/outlook/events/{only().pk}/")
    assert "Only Bob Brown can change this event." in page
    client.post(f"/outlook/actions/{action.pk}/restore", {"field": "subject"})
    assert only().subject == "Tea"


# Undo


def test_the_page_shows_the_undo_does_it_and_says_what_it_left(
    started: Company, client: Client, alice: User
) -> None:
    started.create(alice, "Tea", ANA)
    run = started.sync(alice)
    address = f"/outlook/runs/{run.pk}/undo"
    assert "Undo this round…" in read(client, f"/outlook/runs/{run.pk}/")
    assert "Undo this round?" in read(client, address)
    preview = read(client, f"{address}/preview")
    assert "1 change in Outlook 0 changes in Leansoft 1 person mailed by Outlook" in preview
    assert "Outlook will send a cancellation to 1 person: Ana Lund." in preview
    assert re.search(r"Tea [\w ,]*deleted in Outlook · 1 mail", preview)
    assert "What is not restored Tea Outlook has sent 1 mail about it" in preview

    started_at = client.post(address)["Location"]
    undo = run.undone.get()
    assert started_at == f"/outlook/runs/{undo.pk}/"
    assert "Starts in a moment" in read(client, started_at)
    execute(undo)
    page = read(client, started_at)
    assert "It takes back an earlier round: Started by hand" in page
    assert "Not restored Tea Outlook has sent 1 mail about it" in page
    assert "This round was undone." in read(client, f"/outlook/runs/{run.pk}/")
    assert client.get(address)["Location"] == f"/outlook/runs/{run.pk}/"
    assert "This round has been undone already." in read(client, f"{address}/preview")


def test_the_page_offers_to_invite_again(started: Company, client: Client, alice: User) -> None:
    started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.outlook(alice).delete("Tea")
    address = f"/outlook/runs/{started.sync(alice).pk}/undo"
    quiet = read(client, f"{address}/preview")
    send = read(client, f"{address}/preview", invitations="send")
    assert "Invite people again to meetings" in quiet
    assert "Outlook will mail nobody." in quiet
    assert "Outlook will invite 1 person: Ana Lund." in send
    client.post(address, {"invitations": "send"})
    execute(SyncRun.objects.get(cause=SyncRun.Cause.UNDO))
    assert started.outlook(alice).event("Tea")["attendees"]


def test_an_undo_that_microsoft_does_not_let_preview_says_so(
    started: Company, client: Client, alice: User
) -> None:
    started.create(alice, "Tea")
    run = started.sync(alice)
    started.sandbox.fault(path="/me/", status=503, times=20)
    page = read(client, f"/outlook/runs/{run.pk}/undo/preview")
    assert page.startswith("The undo cannot be shown now.")


def test_a_run_of_somebody_else_is_not_undone(
    started: Company, client: Client, bob: User, alice: User
) -> None:
    started.create(alice, "Tea")
    run = started.sync(alice)
    client.force_login(bob)
    assert client.post(f"/outlook/runs/{run.pk}/undo").status_code == 404
    assert client.get(f"/outlook/runs/{run.pk}/undo/preview").status_code == 404
