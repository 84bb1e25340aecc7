"""Descriptions keep every word and line that a person wrote."""

from datetime import date

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import edit_occurrence
from leansoft.calendars.domain.events import create_event
from leansoft.calendars.domain.incoming import accept_html
from leansoft.calendars.models import Event
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.kit.html import harmless
from support.api import Caller
from support.company import WHEN, Company
from support.hostile import HOSTILE

LINE = "_" * 32
DAILY = {
    "recurrence": {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 5},
    }
}


def test_words_below_a_line_of_underscores_come_in(company: Company, alice: User) -> None:
    company.start(alice)
    body = {"contentType": "text", "content": f"Agenda\n{LINE}\nImportant"}
    company.outlook(alice).create("Tea", body=body)
    company.sync(alice)
    assert Event.objects.get().description == f"Agenda\n{LINE}\nImportant"


def test_words_below_a_line_of_underscores_can_be_edited_here(
    company: Company, alice: User
) -> None:
    event = company.create(alice, "Tea", body=f"Agenda\n{LINE}\nold")
    company.edit(event, alice, body=f"Agenda\n{LINE}\nnew")
    assert Event.objects.get().description == f"Agenda\n{LINE}\nnew"


def test_a_blank_line_added_here_is_kept(company: Company, alice: User) -> None:
    event = company.create(alice, "Tea", body="one\ntwo")
    company.edit(event, alice, body="one\n\ntwo")
    assert Event.objects.get().description == "one\n\ntwo"


def html(content: str) -> dict[str, str]:
    return {"contentType": "html", "content": content}


def shown(user: User, event: Event) -> str | None:
    """The description's HTML in the API."""
    answer: str | None = Caller(user).get(f"/events/{event.pk}").json()["description_html"]
    return answer


def test_a_formatted_description_keeps_its_looks(company: Company, alice: User) -> None:
    company.start(alice)
    body = html("<p>Read <b>all</b> of <a href='https://example.org/plan'>the plan</a></p>")
    company.outlook(alice).create("Tea", body=body)
    company.sync(alice)
    event = company.event(alice, "Tea")
    assert event.description == "Read all of the plan <https://example.org/plan>"
    link = '<a href="https://example.org/plan" target="_blank" rel="noopener noreferrer">'
    assert shown(alice, event) == f"<p>Read <b>all</b> of {link}the plan</a></p>"


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_is_harmless_in_the_api(alice: User, db: None, hostile: str) -> None:
    event = create_event(alice, values={Field.BODY: "a", Field.WHEN: WHEN}, now=clock.now())
    accept_html(event, hostile)
    clean = shown(alice, event) or ""
    assert harmless(clean) == clean


def test_a_change_of_looks_alone_comes_in(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Bring cups</p>"))
    company.sync(alice)
    company.outlook(alice).update("Tea", body=html("<p>Bring <b>cups</b></p>"))
    company.sync(alice)
    assert shown(alice, company.event(alice, "Tea")) == "<p>Bring <b>cups</b></p>"


def test_a_description_edited_here_loses_the_looks_it_had(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Bring <b>cups</b></p>"))
    company.sync(alice)
    event = company.edit(company.event(alice, "Tea"), alice, body="Bring plates")
    assert shown(alice, event) is None


def test_looks_that_come_late_are_not_those_of_a_newer_text(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Bring <b>cups</b></p>"))
    company.sync(alice)
    known = company.event(alice, "Tea")
    edited = company.edit(known, alice, body="Bring plates")
    accept_html(known, "<p>Bring <i>cups</i></p>")
    assert shown(alice, edited) is None


def test_the_join_text_is_not_shown_beside_the_join_link(company: Company, alice: User) -> None:
    company.start(alice)
    meeting = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    company.outlook(alice).create("Tea", body=html("<p>Bring <b>cups</b></p>"), **meeting)
    company.sync(alice)
    event = company.event(alice, "Tea")
    assert event.online_meeting_url
    assert event.description == "Bring cups"
    assert shown(alice, event) == "<p>Bring <b>cups</b></p>"


def test_names_of_quiet_people_are_not_shown_as_text(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Bring <b>cups</b></p>"))
    company.sync(alice)
    nobody = {"email": None, "name": "Grandma", "type": "required"}
    event = company.edit(company.event(alice, "Tea"), alice, attendees=[nobody])
    company.sync(alice)
    assert "Grandma" in company.outlook(alice).event("Tea")["body"]["content"]
    event.refresh_from_db()
    assert event.description == "Bring cups"
    assert shown(alice, event) is None


def test_one_date_with_a_description_of_its_own_shows_that(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Bring <b>cups</b></p>"), **DAILY)
    company.sync(alice)
    event = company.event(alice, "Tea")
    day, other = date(2030, 3, 5), date(2030, 3, 6)
    edit_occurrence(event, day, by=alice, values={Field.BODY: "No cups"}, now=clock.now())
    api = Caller(alice)
    ours, usual = (
        api.get(f"/events/{event.pk}", occurrence=one.isoformat()).json() for one in (day, other)
    )
    assert (ours["description"], ours["description_html"]) == ("No cups", None)
    assert usual["description_html"] == "<p>Bring <b>cups</b></p>"


def test_somebody_who_sees_a_busy_block_sees_no_html(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", body=html("<p>Secret</p>"), sensitivity="private")
    company.sync(alice)
    assert shown(bob, company.event(alice, "Tea")) is None
