"""`/api/v1/me` and `/api/v1/people`."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.contacts.models import Contact
from support.api import Caller


def test_me_shows_the_caller(as_alice: Caller) -> None:
    assert as_alice.get("/me").json() == {
        "id": as_alice.user.pk,
        "email": "alice@example.com",
        "name": "Alice Adams",
        "role": "user",
        "time_zone": "UTC",
        "default_reminder_minutes": 15,
        "sharing": "busy",
    }


def test_me_changes_what_is_given(as_alice: Caller) -> None:
    changes = {"time_zone": "Asia/Tokyo", "default_reminder_minutes": None, "sharing": "details"}

    answer = as_alice.patch("/me", changes).json()

    assert answer == as_alice.get("/me").json()
    assert {key: answer[key] for key in changes} == changes
    assert answer["name"] == "Alice Adams"


@pytest.mark.parametrize(
    "body", [{"time_zone": "Mars"}, {"name": " "}, {"role": "administrator"}, {"sharing": "all"}]
)
def test_me_refuses_a_bad_value(as_alice: Caller, body: dict[str, Any]) -> None:
    response = as_alice.patch("/me", body)

    assert (response.status_code, response.json()["field"]) == (422, next(iter(body)))


def test_people_are_colleagues_and_contacts(as_alice: Caller, bob: User) -> None:
    Contact.objects.create(name="Bobby Client", email="bobby@client.example")
    Contact.objects.create(name="Bob's caterer")
    Contact.objects.create(name="Bob at home", email=bob.email)
    Contact.objects.create(name="Zoe", email="zoe@client.example")

    found = as_alice.get("/people", q="bob").json()

    assert found["count"] == 3
    assert [(p["name"], p["kind"], p["email"]) for p in found["items"]] == [
        ("Bob Brown", "user", "bob@example.com"),
        ("Bob's caterer", "contact", None),
        ("Bobby Client", "contact", "bobby@client.example"),
    ]
