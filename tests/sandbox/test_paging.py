"""Pages of a large mailbox: complete, in order, never of an older state."""

from random import Random
from typing import Any
from urllib.parse import quote

from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

EVERYTHING = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


def follow(ana: Person, path: str) -> list[Any]:
    found: list[Any] = []
    while path:
        page = ana.get(path)
        found += page["value"]
        path = page.get("@odata.nextLink", "").partition("/v1.0")[2]
    return found


def on(day: int, hour: int, hours: int = 1) -> dict[str, Any]:
    start, end = f"2026-12-{day:02}T{hour:02}:00", f"2026-12-{day:02}T{hour + hours:02}:00"
    return {"start": at(start), "end": at(end)}


@covers("operations.overlap")
def test_pages_hold_every_event_once_in_order(ana: Person) -> None:
    for day in (3, 1, 4, 2, 5, 9, 6):
        ana.create(event(f"Day {day}", **on(day, 9)))
    found = follow(ana, "/me/events?$orderby=start/dateTime desc&$top=3")
    assert [e["subject"] for e in found] == [f"Day {day}" for day in (9, 6, 5, 4, 3, 2, 1)]
    found = follow(ana, f"/me/calendarView?{EVERYTHING}&$top=2")
    assert [e["subject"] for e in found] == [f"Day {day}" for day in (1, 2, 3, 4, 5, 6, 9)]


@covers("operations.skip", "control.paging")
def test_change_between_two_pages_shows_on_the_second(ana: Person) -> None:
    made = [ana.create(event(f"Event {n}", **on(n + 1, 9))) for n in range(4)]
    second = f"/me/calendarView?{EVERYTHING}&$top=2&$skip=2"
    assert [e["subject"] for e in ana.get(second)["value"]] == ["Event 2", "Event 3"]
    ana.patch(f"/me/events/{made[3]['id']}", {"subject": "Changed"})
    assert [e["subject"] for e in ana.get(second)["value"]] == ["Event 2", "Changed"]
    ana.delete(f"/me/events/{made[0]['id']}")
    assert [e["subject"] for e in ana.get(second)["value"]] == ["Changed"]


@covers("control.paging")
def test_loaded_state_is_paged_and_not_the_one_before(world: World, ana: Person) -> None:
    made = ana.create(event("Old"))
    saved = world.http.get("/sandbox/state").content
    ana.patch(f"/me/events/{made['id']}", {"subject": "New", **on(24, 9)})
    path = f"/me/calendarView?{EVERYTHING}&$count=true"
    assert ana.get(path)["value"][0]["start"]["dateTime"].startswith("2026-12-24")
    world.http.put("/sandbox/state", content=saved)
    assert ana.get(path)["value"][0]["start"]["dateTime"].startswith("2026-12-01")


@covers("operations.overlap")
def test_view_agrees_with_the_list_of_all_events(ana: Person) -> None:
    """Whatever was created, moved, made a series, made single again, or deleted before."""
    random = Random(4)
    ids: list[str] = []
    for _ in range(150):
        day, hour, hours = random.randint(1, 28), random.randint(0, 18), random.randint(0, 5)
        act = random.choice(["create", "create", "move", "repeat", "single", "delete"])
        if act == "create" or not ids:
            ids.append(ana.create(event(**on(day, hour, hours)))["id"])
        elif act == "delete":
            ana.delete(f"/me/events/{ids.pop(random.randrange(len(ids)))}")
        else:
            own = f"/me/events/{random.choice(ids)}"
            rule: dict[str, Any] = {"recurrence": None}
            if act == "repeat":
                rule = weekly(2)
                rule["recurrence"]["range"]["startDate"] = f"2026-12-{day:02}"
            ana.patch(own, on(day, hour, hours) | rule)
        low, high = sorted((random.randint(1, 29), random.randint(1, 29)))
        _check_window(ana, f"2026-12-{low:02}T06:00:00Z", f"2026-12-{high:02}T18:00:00Z")


def _check_window(ana: Person, low: str, high: str) -> None:
    query = f"startDateTime={quote(low)}&endDateTime={quote(high)}&$top=1000"
    view = ana.get(f"/me/calendarView?{query}")["value"]
    assert len({e["id"] for e in view}) == len(view)
    seen = {e["seriesMasterId"] or e["id"] for e in view}
    expected = set()
    for one in ana.events():
        shown = [one]
        if one["type"] == "seriesMaster":
            shown = ana.get(f"/me/events/{one['id']}/instances?{EVERYTHING}")["value"]
        if any(_touches(e, low, high) for e in shown):
            expected.add(one["id"])
    assert seen == expected


def _touches(one: Any, low: str, high: str) -> bool:
    start, end = one["start"]["dateTime"], one["end"]["dateTime"]
    if start == end:
        return bool(low[:19] <= start[:19] < high[:19])
    return bool(start[:19] < high[:19] and end[:19] > low[:19])


@covers("operations.orderby")
def test_filter_and_sort_agree_with_what_is_shown(ana: Person) -> None:
    """Values that are read from the model itself, against the rendered ones."""
    for day, hour in ((9, 9), (3, 14), (3, 8), (27, 10)):
        ana.create(event(f"Day {day}", **on(day, hour)))
    whole_day = {"start": at("2026-12-03T00:00"), "end": at("2026-12-04T00:00")}
    ana.create(event("Whole day", isAllDay=True, showAs="oof", **whole_day))
    series = ana.create(event("Series", "bo@contoso.com", **weekly()))
    days = ana.get(f"/me/events/{series['id']}/instances?{EVERYTHING}")["value"]
    ana.patch(f"/me/events/{days[1]['id']}", {"subject": "Moved", "importance": "high"})
    shown = ana.get(f"/me/calendarView?{EVERYTHING}&$top=100")["value"]
    for path in ("subject", "start/dateTime", "end/dateTime", "createdDateTime", "importance"):
        values = [_value(e, path) for e in _view(ana, f"$orderby={path} desc")]
        assert values == sorted((_value(e, path) for e in shown), key=str.casefold, reverse=True)
    for path in ("type", "showAs", "iCalUId", "start/dateTime", "lastModifiedDateTime"):
        wanted = _value(shown[3], path)
        found = {e["id"] for e in _view(ana, f"$filter={path} eq '{wanted}'")}
        assert found == {e["id"] for e in shown if _value(e, path) == wanted}
        prefixed = _view(ana, f"$filter=startswith({path},'{wanted[:10]}')")
        assert shown[3]["id"] in {e["id"] for e in prefixed}


def _view(ana: Person, query: str) -> list[Any]:
    found: list[Any] = ana.get(f"/me/calendarView?{EVERYTHING}&$top=100&{query}")["value"]
    return found


def _value(shown: Any, path: str) -> str:
    for name in path.split("/"):
        shown = shown[name]
    return str(shown)
