"""Many events at once: each keeps the rules of a single one."""

from collections import Counter
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.preview.start import start_sync
from leansoft.sync.show.status import event_states
from support.company import Company
from support.outlook import people

ANA = "ana@elsewhere.org"
NAMES = [f"Plan {number}" for number in range(25)]


@pytest.fixture
def plans(company: Company, alice: User) -> list[Event]:
    """Alice's meetings with Ana wait to go to Outlook."""
    company.start(alice)
    company.sandbox.control("DELETE", "requests")
    plans = [company.create(alice, name, ANA) for name in NAMES]
    # As the form does, which names every mail.
    Event.objects.update(announced_version=1)
    return plans


def batches(company: Company) -> list[int]:
    """How many items each batch had."""
    ledger = company.sandbox.control("GET", "requests")["value"]
    return sorted(Counter(e["batch_of"] for e in ledger if e["batch_of"]).values())


def in_outlook(company: Company, user: User) -> Counter[str]:
    return Counter(event["subject"] for event in company.outlook(user).events())


def invitations() -> Counter[tuple[str, str, str]]:
    return Counter((ANA, "invitation", name) for name in NAMES)


def test_events_go_to_outlook_in_batches(company: Company, alice: User, plans: list[Event]) -> None:
    run = company.sync(alice)
    assert batches(company) == [5, 20]
    assert in_outlook(company, alice) == Counter(NAMES)
    assert Counter(company.sandbox.mails()) == invitations()
    assert set(run.actions.values_list("outcome", flat=True)) == {SyncAction.Outcome.DONE}
    assert company.sync(alice).actions.count() == 0


LOST: list[dict[str, Any]] = [
    {"path": r"^/\$batch$", "when": "before", "drop": True},
    {"path": r"^/\$batch$", "when": "before", "status": 503},
    {"path": "^/me/events$", "method": "POST", "when": "after", "drop": True},
    {"path": "^/me/events$", "method": "POST", "when": "before", "status": 429, "retry_after": 1},
    {"path": "^/me/events$", "method": "POST", "when": "after", "status": 504},
]


@pytest.mark.parametrize("skip", [0, 1, 22])
@pytest.mark.parametrize("fault", LOST, ids=str)
def test_lost_answer_doubles_nothing(
    company: Company, alice: User, plans: list[Event], fault: dict[str, Any], skip: int
) -> None:
    company.sandbox.fault(skip=skip, **fault)
    assert company.try_sync(alice).state == SyncRun.State.FAILED or skip == 22
    company.sync(alice)
    assert in_outlook(company, alice) == Counter(NAMES)
    assert Counter(company.sandbox.mails()) == invitations()
    assert not EventLink.objects.filter(intent__isnull=False).exists()


def test_answers_count_although_one_of_them_stops_the_round(
    company: Company, alice: User, plans: list[Event]
) -> None:
    company.sandbox.fault(
        method="POST", path="^/me/events$", status=429, retry_after=90, skip=1, times=1
    )
    run = company.try_sync(alice)
    assert run.state == SyncRun.State.FAILED
    done = run.actions.filter(outcome=SyncAction.Outcome.DONE).count()
    # The batch under way when the first one came back is answered too.
    assert done == 24
    assert EventLink.objects.filter(intent__isnull=False).count() == 1
    assert company.mailbox(alice).blocked_until


def test_refused_event_holds_up_no_other(company: Company, alice: User, plans: list[Event]) -> None:
    company.sandbox.fault(
        method="POST", path="^/me/events$", status=400, code="ErrorAccessDenied", skip=2
    )
    company.sync(alice)
    states = event_states(plans, alice)
    assert Counter(state["state"] for state in states.values())["synced"] == 24
    assert len(in_outlook(company, alice)) == 24


def test_edits_meet_edits_in_outlook(company: Company, alice: User, plans: list[Event]) -> None:
    company.sync(alice)
    for plan in plans[:6]:
        plan.refresh_from_db()
        company.edit(plan, alice, location="Room 4")
    company.outlook(alice).update("Plan 3", body={"contentType": "text", "content": "Agenda"})
    company.sandbox.fault(
        method="PATCH", path="^/me/events/", status=412, code="ErrorIrresolvableConflict", skip=1
    )
    company.sync(alice)
    shown = {e["subject"]: e["location"]["displayName"] for e in company.outlook(alice).events()}
    assert [shown[name] for name in NAMES[:7]] == ["Room 4"] * 6 + [""]
    assert company.event(alice, "Plan 3").description == "Agenda"
    assert company.sync(alice).actions.count() == 0


def test_calendar_comes_in_page_by_page(
    company: Company, alice: User, bob: User, django_assert_max_num_queries: Any
) -> None:
    company.connect(alice)
    outlook = company.outlook(alice)
    for name in NAMES:
        outlook.create(name, attendees=people(bob.email, ANA), categories=["Red"], showAs="free")
    start_sync(company.mailbox(alice), existing="push", invitations="send")
    with django_assert_max_num_queries(60):
        company.sync(alice)
    assert batches(company) == []
    event = company.event(alice, "Plan 3")
    assert {(p.email, p.user, p.is_organizer) for p in event.participants.all()} == {
        (alice.email, alice, True),
        (bob.email, bob, False),
        (ANA, None, False),
    }
    assert (event.organizer.show_as, event.organizer.categories) == ("free", ["Red"])
    run = SyncRun.objects.get(actions__event=event)
    assert run.actions.filter(kind=SyncAction.Kind.CREATED).count() == len(NAMES)
    assert company.sync(alice).actions.count() == 0


def test_copies_of_attendees_come_in_together(company: Company, alice: User, bob: User) -> None:
    company.connect(alice)
    company.connect(bob)
    for name in NAMES:
        sensitivity = "private" if name == "Plan 3" else "normal"
        company.outlook(alice).create(name, attendees=people(bob.email))
        company.outlook(bob).update(name, sensitivity=sensitivity)
    company.start(bob)
    event = company.event(bob, "Plan 3")
    assert event.locked
    mine = event.participants.get(user=bob)
    assert (mine.sensitivity, event.sensitivity) == ("private", "normal")
    company.start(alice)
    assert Event.objects.count() == len(NAMES)
    assert not Event.objects.filter(locked=True).exists()
    assert company.sync(bob).actions.count() == company.sync(alice).actions.count() == 0


def test_questions_to_outlook_share_a_round_trip(company: Company, alice: User) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    far = {"dateTime": "2040-03-04T09:00:00", "timeZone": "Europe/Paris"}
    for name in NAMES[:10]:
        outlook.create(name, start=far, end=far)
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    # Whether they are there, and in which calendar.
    assert batches(company) == [10, 10]
    assert len({event.subject for event in Event.objects.all()}) == 10
