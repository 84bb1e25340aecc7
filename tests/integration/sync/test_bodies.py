"""Descriptions keep every word and line that a person wrote."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from support.company import Company

LINE = "_" * 32


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
