"""The list of calendars and its query options."""

from sandbox.ledger import covers
from sandbox.world import Person


def names(ana: Person, query: str) -> list[str]:
    return [calendar["name"] for calendar in ana.get(f"/me/calendars{query}")["value"]]


@covers("operations.calendars-query")
def test_calendars_are_filtered_and_sorted(ana: Person) -> None:
    for name in ("Travel", "Holidays"):
        ana.post("/me/calendars", {"name": name}, 201)
    assert names(ana, "?$filter=name eq 'Travel'") == ["Travel"]
    assert names(ana, "?$orderby=name desc") == ["Travel", "Holidays", "Calendar"]


@covers("operations.calendars-query")
def test_calendars_come_in_pages(ana: Person) -> None:
    for name in ("Travel", "Holidays"):
        ana.post("/me/calendars", {"name": name}, 201)
    page = ana.get("/me/calendars?$orderby=name&$top=2&$select=name")
    assert [set(calendar) - {"@odata.id"} for calendar in page["value"]] == [{"id", "name"}] * 2
    rest = page["@odata.nextLink"].partition("/v1.0")[2]
    assert [c["name"] for c in ana.get(rest)["value"]] == ["Travel"]


@covers("operations.calendars-query")
def test_calendars_refuse_a_broken_option(ana: Person) -> None:
    assert ana.error("GET", "/me/calendars?$top=many") == (400, "BadRequest")
