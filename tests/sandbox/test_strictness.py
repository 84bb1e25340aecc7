"""Whatever a client sends, Graph answers: success or a 4xx, never a fault of the sandbox."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.ledger import covers
from sandbox.world import World, at, attendees, event, weekly

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59.9999999",
            "2026-02-30T09:00:00",
            "UTC",
            "Pacific Standard Time",
            "true",
            "HTML",
            "weekly",
            "numbered",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)

WHOLE = event("Fuzz", "bo@contoso.com", isAllDay=False, categories=["Red"], **weekly())
EXTENDED = [{"id": "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name Fun", "value": "x"}]
WHOLE |= {"singleValueExtendedProperties": EXTENDED, "extensions": [{"extensionName": "x"}]}


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, part in value.items():
            found += paths(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            found += paths(part, (*path, index))
    return found


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    head, *rest = path
    if isinstance(value, dict):
        return value | {head: changed(value[head], tuple(rest), new)}
    return [changed(p, tuple(rest), new) if i == head else p for i, p in enumerate(value)]


PLACES = paths(WHOLE)
world = World()
ana = world.person("ana@contoso.com")
made = ana.create(event("Target", "bo@contoso.com"))
series = ana.create(event("Series", **weekly()))
WINDOW = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
day = ana.get(f"/me/events/{series['id']}/instances?{WINDOW}")["value"][1]
fuzz = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@fuzz
@given(place=st.sampled_from(PLACES), value=json_values)
@covers("event.unknown", "operations.never-500")
def test_create(place: tuple[Any, ...], value: Any) -> None:
    response = ana.request("POST", "/me/events", changed(WHOLE, place, value))
    assert response.status_code in (201, 400)
    if response.status_code == 201:
        for path in ("", "/instances?" + WINDOW):
            shown = ana.request("GET", f"/me/events/{response.json()['id']}{path}")
            assert shown.status_code == 200
        ana.delete(f"/me/events/{response.json()['id']}")


@fuzz
@given(
    place=st.sampled_from(PLACES), value=json_values, target=st.sampled_from([made, series, day])
)
@covers("operations.never-500")
def test_update(place: tuple[Any, ...], value: Any, target: Any) -> None:
    whole = changed(WHOLE, place, value)
    path = f"/me/events/{target['id']}"
    one = {place[0]: whole[place[0]]}
    assert ana.request("PATCH", path, one).status_code in (200, 400, 404)
    assert ana.request("GET", path).status_code in (200, 404)
    assert ana.request("GET", f"/me/calendarView?{WINDOW}").status_code == 200
    ana.request("PATCH", f"/me/events/{series['id']}", weekly() | {"start": WHOLE["start"]})


@fuzz
@given(
    verb=st.sampled_from(["accept", "decline", "cancel", "forward", "snoozeReminder"]),
    value=json_values,
)
@covers("operations.never-500")
def test_actions(verb: str, value: Any) -> None:
    for name in ("comment", "sendResponse", "proposedNewTime", "toRecipients", "newReminderTime"):
        body = {name: value}
        response = ana.request("POST", f"/me/events/{made['id']}/{verb}", body)
        assert response.status_code in (200, 202, 400, 404)


@fuzz
@given(
    option=st.sampled_from(
        ["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count"]
    ),
    text=st.text(max_size=30)
    | st.sampled_from(["subject eq '", "start/dateTime gt 5", "categories/any(a:a eq 1)", "("]),
)
@covers("operations.robust")
def test_queries(option: str, text: str) -> None:
    response = world.http.get(
        "/v1.0/me/events",
        params={option: text},
        headers={"Authorization": f"Bearer {ana.token}"},
    )
    assert response.status_code in (200, 400)


@fuzz
@given(low=st.text(max_size=30), high=st.text(max_size=30), prefer=st.text(max_size=40))
@covers("operations.robust")
def test_windows_and_preferences(low: str, high: str, prefer: str) -> None:
    headers = {"Authorization": f"Bearer {ana.token}"}
    header = prefer.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")
    for path in ("/me/calendarView", "/me/calendarView/delta"):
        response = world.http.get(
            "/v1.0" + path,
            params={"startDateTime": low, "endDateTime": high},
            headers=headers | {"Prefer": "".join(c for c in header if c.isprintable())},
        )
        assert response.status_code in (200, 400)


@fuzz
@given(value=json_values)
@covers("batch.robust")
def test_batches(value: Any) -> None:
    for body in (value, {"requests": value}, {"requests": [value]}):
        assert ana.request("POST", "/$batch", body).status_code in (200, 400)


def test_attendees_helper_is_what_graph_reads() -> None:
    assert ana.create(event(attendees=attendees("x@y.z")))["attendees"][0]["type"] == "required"


@pytest.mark.parametrize("day", ["0001-01-01", "1601-01-01", "4500-12-31", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific Standard Time", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("all_day", [True, False])
@covers("event.range")
def test_ends_of_time(day: str, zone: str, all_day: bool) -> None:
    start, end = at(day + "T00:00:00", zone), at(day + "T23:59:59", zone)
    value = event(start=start, end=start if all_day else end, isAllDay=all_day)
    assert ana.request("POST", "/me/events", value).status_code in (201, 400)
    assert ana.request("GET", "/me/events?$top=1000").status_code == 200
    prefer = 'outlook.timezone="Asia/Tokyo"'
    assert ana.request("GET", "/me/events?$top=1000", Prefer=prefer).status_code == 200
    window = "startDateTime=0001-01-01T00:00:00&endDateTime=0002-01-01T00:00:00"
    assert ana.request("GET", f"/me/calendarView?{window}").status_code in (200, 400)
