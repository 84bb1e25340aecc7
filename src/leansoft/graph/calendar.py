"""The verbs of one mailbox's default calendar.

One request for each call. Nothing is retried here: whoever calls knows whether a repetition is
harmless. A request is plain data, so that several may travel in one `$batch`: see `together`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

from leansoft.events.fields import Response, Value, Values
from leansoft.events.recurrence import slot
from leansoft.graph import wire
from leansoft.graph.asking import Send, ask, check
from leansoft.graph.batch import Flight, Start, at_once
from leansoft.graph.codec import (
    MARKER_ID,
    NEEDED,
    Kind,
    RemoteEvent,
    event_from_graph,
    event_to_graph,
)
from leansoft.graph.errors import GraphError, NotFound, Refused, TransientError
from leansoft.graph.series import RemoteSeries, day_of, doubtful_day, series_from_graph
from leansoft.graph.zones import UNKNOWN_ZONE, with_windows_zones

T = TypeVar("T")
PAGE_SIZE = 200
LARGEST_PAGE = 1000
"""Outlook shows no more on one page (operations.md §7)."""
YEAR = timedelta(days=366)
NAMES_OF_SLOT = "type,start,end,isAllDay,originalStart,occurrenceId"
WHOLE = ",".join(
    [
        *sorted(NEEDED),
        *("recurrence", "originalStartTimeZone", "seriesMasterId", "transactionId"),
        *("createdDateTime", "lastModifiedDateTime", "reminderMinutesBeforeStart"),
        *("isOnlineMeeting", "onlineMeeting", "onlineMeetingUrl"),
        *("originalStart", "occurrenceId", "exceptionOccurrences", "cancelledOccurrences"),
    ]
)
"""Both lists of dates come only when they are selected (event.md §1)."""
WITH_MARKER = f"singleValueExtendedProperties($filter=id eq '{MARKER_ID}')"

NONE: Mapping[str, str] = {}

ANSWERS = {
    Response.ACCEPTED: "accept",
    Response.TENTATIVELY_ACCEPTED: "tentativelyAccept",
    Response.DECLINED: "decline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Pages may overlap while the calendar changes (operations.md §7): compare ids."""

    events: list[RemoteEvent]
    next_link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EtagPage:
    """The etag of each event by its id."""

    etags: dict[str, str]
    next_link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaPage:
    """`removed` holds ids, also such as were never seen: they only say "ask for this one".

    Either `next_link` or `delta_link` is there. A page may be empty and still have a `next_link`.
    """

    changed: list[RemoteEvent]
    removed: list[str]
    next_link: str | None
    delta_link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPage:
    """`names`: ids of the single events and series that it is about. The links are as in a
    `DeltaPage`."""

    names: set[str]
    next_link: str | None
    delta_link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who the mailbox belongs to; `mail` is None for an account without a mail address."""

    id: str
    name: str
    mail: str | None
    principal_name: str


class Calendar:
    """Every method may raise any `GraphError`; those worth knowing are named."""

    def __init__(self, send: Send, start: Start | None = None) -> None:
        """Without `start` the caller of `depart` waits for the answer at once."""
        self._send = send
        self._start = start or at_once(send)
        self._under_way: dict[str, Callable[[], wire.Response]] = {}

    def list_events(self, next_link: str | None = None) -> Page:
        """Single events and series masters, of all time."""
        if next_link:
            request = wire.graph_request("GET", next_link)
        else:
            query = {"$top": str(PAGE_SIZE), "$expand": WITH_MARKER}
            request = wire.graph_request("GET", "/me/events", query=query)
        page = self._ask_page(request)
        following = wire.next_link(page)
        if following is not None and following == next_link:
            raise TransientError("A page of events leads back to itself.")
        return Page(events=_events(page), next_link=following)

    def list_etags(self, next_link: str | None = None) -> EtagPage:
        """Only which single events and series there are, and in which state; of all time."""
        query = {"$top": str(LARGEST_PAGE), "$select": "id"}
        request = (
            wire.graph_request("GET", next_link)
            if next_link
            else wire.graph_request("GET", "/me/events", query=query)
        )
        page = self._ask_page(request)
        following = wire.next_link(page)
        if following is not None and following == next_link:
            raise TransientError("A page of events leads back to itself.")
        etags = {item["id"]: item.get("@odata.etag") or "" for item in page.get("value", [])}
        return EtagPage(etags=etags, next_link=following)

    def delta(self, link: str | None = None, *, start: datetime, end: datetime) -> DeltaPage:
        """What changed since the link was given; without one, the window's whole content.

        The window is baked into a link (delta.md §2), so it counts only for the first call.
        Raises `ResyncRequired`, at any page.
        """
        # Mostly dates of series that changed: each shows as a stub (delta.md §4).
        page = self._ask_delta(link, start, end, LARGEST_PAGE)
        latest = _last_of_each(page.get("value", []))
        return DeltaPage(
            changed=[event_from_graph(item) for item in latest if "@removed" not in item],
            removed=[item["id"] for item in latest if "@removed" in item],
            next_link=wire.next_link(page),
            delta_link=wire.delta_link(page),
        )

    def window(self, link: str | None = None, *, start: datetime, end: datetime) -> WindowPage:
        """As `delta`, for whoever reads the events in another way, and needs the link to what
        comes after."""
        page = self._ask_delta(link, start, end, PAGE_SIZE)
        return WindowPage(
            names={item.get("seriesMasterId") or item["id"] for item in page.get("value", [])},
            next_link=wire.next_link(page),
            delta_link=wire.delta_link(page),
        )

    def get(self, event_id: str) -> RemoteEvent:
        """Raises `NotFound`."""
        query = {"$expand": WITH_MARKER}
        return event_from_graph(self._ask(wire.graph_request("GET", _path(event_id), query=query)))

    def is_elsewhere(self, event_id: str) -> bool:
        """Whether another calendar of the mailbox holds it: an id is good for all of them
        (operations.md §1). Raises `NotFound`."""
        query = {"$select": "isDefaultCalendar"}
        request = wire.graph_request("GET", _path(event_id, "calendar"), query=query)
        return self._ask(request).get("isDefaultCalendar") is False

    def series(self, event_id: str) -> RemoteSeries:
        """The series of this master, whole. Raises `NotFound`."""
        query = {"$select": WHOLE, "$expand": f"exceptionOccurrences,{WITH_MARKER}"}
        payload = self._ask(wire.graph_request("GET", _path(event_id), query=query))
        day = doubtful_day(payload)
        return series_from_graph(payload, live=self._around(event_id, day) if day else ())

    def whole(self, seen: RemoteEvent) -> RemoteSeries:
        """This event with its dates, if it is a series. Raises `NotFound`."""
        if seen.kind is Kind.MASTER:
            return self.series(seen.id)
        return RemoteSeries(master=seen, dates={})

    def instance(self, event_id: str, when: Value, day: date) -> RemoteEvent:
        """One date of a series; `when` is the series', `day` that of its slot.

        Raises `NotFound` when the date was taken out.
        """
        start = datetime.fromisoformat(slot(when, day)["start"])
        start = start.replace(tzinfo=start.tzinfo or UTC)
        around = timedelta(days=2)
        for seen in self._instances(event_id, start - around, start + around):
            if day_of(when, seen.original_start) == day:
                return seen
        raise NotFound("Outlook shows no such date of the series.")

    def _around(self, event_id: str, day: date) -> list[RemoteEvent]:
        """What both names of a slot are, on the dates within a year of this day."""
        noon = datetime.combine(day, time(12), UTC)
        query = {
            "startDateTime": _utc(noon - YEAR),
            "endDateTime": _utc(noon + YEAR),
            "$select": NAMES_OF_SLOT,
            "$top": str(LARGEST_PAGE),
        }
        return _events(
            self._ask(wire.graph_request("GET", _path(event_id, "instances"), query=query))
        )

    def _instances(self, event_id: str, start: datetime, end: datetime) -> list[RemoteEvent]:
        query = {"startDateTime": _utc(start), "endDateTime": _utc(end)}
        return _events(
            self._ask(wire.graph_request("GET", _path(event_id, "instances"), query=query))
        )

    def create(self, values: Values, *, transaction_id: str, marker: str) -> RemoteEvent:
        """Raises `DuplicateTransaction` when the id was used for another event already."""
        payload = {
            **event_to_graph(values),
            "transactionId": transaction_id,
            "singleValueExtendedProperties": [{"id": MARKER_ID, "value": marker}],
        }
        made = self._write("POST", "/me/events", payload)
        # The marker is not echoed (event.md §11).
        return replace(event_from_graph(made), marker=marker)

    def find_by_marker(self, marker: str) -> list[RemoteEvent]:
        quoted = marker.replace("'", "''")
        query = {
            "$filter": "singleValueExtendedProperties/Any"
            f"(ep: ep/id eq '{MARKER_ID}' and ep/value eq '{quoted}')",
            "$expand": WITH_MARKER,
        }
        return _events(self._ask(wire.graph_request("GET", "/me/events", query=query)))

    def update(  # noqa: PLR0913 (keyword-only after the id)
        self,
        event_id: str,
        values: Values,
        *,
        etag: str | None,
        html_base: str | None = None,
        drop_recurrence: bool = False,
        unaddressed: Sequence[Mapping[str, Any]] = (),
    ) -> RemoteEvent:
        """`drop_recurrence`: a `when` without a rule makes a single event of a series.
        `unaddressed`: attendees of the present event that are no value of ours, and stay.

        Raises `Conflict` when the event is no longer the one with this etag, and `NotFound`.
        """
        payload = event_to_graph(values, html_base=html_base, drop_recurrence=drop_recurrence)
        if "attendees" in payload:
            # The list takes the place of the present one (operations.md §3).
            payload["attendees"] += unaddressed
        headers = wire.if_match(etag)
        return event_from_graph(self._write("PATCH", _path(event_id), payload, headers))

    def delete(self, event_id: str, *, etag: str | None = None) -> None:
        """The organizer's delete sends cancellations. Raises `NotFound`, `Conflict`."""
        self._check(wire.graph_request("DELETE", _path(event_id), headers=wire.if_match(etag)))

    def respond(
        self,
        event_id: str,
        response: Response,
        *,
        comment: str | None = None,
        send_response: bool = True,
    ) -> None:
        """An attendee's answer; declining takes the event off the calendar (operations.md §4)."""
        payload: dict[str, Any] = {"sendResponse": send_response}
        if comment:
            payload["comment"] = comment
        path = _path(event_id, ANSWERS[response])
        self._check(wire.graph_request("POST", path, payload=payload))

    def together(self, talks: Sequence[Callable[["Calendar"], T]]) -> list[T | GraphError]:
        """What each of these calls ends with; their first requests share round trips.

        Raises an error that concerns them all.
        """
        return self.depart(talks).land() if talks else []

    def depart(self, talks: Sequence[Callable[["Calendar"], T]]) -> Flight[T]:
        """As `together`, but the answers are waited for when the flight lands."""
        own = [partial(_with_calendar, talk) for talk in talks]
        return Flight(own, send=self._send, start=self._start)

    def me(self) -> Profile:
        found = self._ask(wire.graph_request("GET", "/me"))
        return Profile(
            id=found["id"],
            name=found.get("displayName") or "",
            mail=found.get("mail"),
            principal_name=found.get("userPrincipalName") or "",
        )

    def _write(
        self, method: str, path: str, payload: dict[str, Any], headers: Mapping[str, str] = NONE
    ) -> dict[str, Any]:
        """Names time zones in another way where Graph does not know the first."""
        try:
            request = wire.graph_request(method, path, payload=payload, headers=headers)
            return self._ask(request)
        except Refused as refusal:
            renamed = with_windows_zones(payload)
            if (refusal.code or "").casefold() != UNKNOWN_ZONE or renamed == payload:
                raise
        return self._ask(wire.graph_request(method, path, payload=renamed, headers=headers))

    def _ask_delta(
        self, link: str | None, start: datetime, end: datetime, page_size: int
    ) -> dict[str, Any]:
        headers = {"Prefer": f"odata.maxpagesize={page_size}"}
        if link:
            request = wire.graph_request("GET", link, headers=headers)
        else:
            window = {"startDateTime": _utc(start), "endDateTime": _utc(end)}
            path = "/me/calendarView/delta"
            request = wire.graph_request("GET", path, query=window, headers=headers)
        page = self._ask_page(request)
        if wire.delta_link(page) is None and wire.next_link(page) in {None, link}:
            # Exactly one of the two is promised (delta.md §3); without it the round never ends.
            raise TransientError("A delta page does not say how to go on.")
        return page

    def _ask_page(self, request: wire.Request) -> dict[str, Any]:
        """The next page is under way while the caller takes this one in."""
        answer = self._under_way.pop(request.url, None)
        page = ask((lambda _: answer()) if answer else self._send, request)
        following = wire.next_link(page)
        if following not in {None, request.url}:
            # Why it cannot be sent is said when it is asked for.
            with suppress(GraphError, wire.ForeignLink):
                self._under_way[following] = self._start(replace(request, url=following))
        return page

    def _ask(self, request: wire.Request) -> dict[str, Any]:
        return ask(self._send, request)

    def _check(self, request: wire.Request) -> wire.Response:
        return check(self._send, request)


def _with_calendar(talk: Callable[[Calendar], T], send: Send) -> T:
    return talk(Calendar(send))


def _path(event_id: str, verb: str = "") -> str:
    path = f"/me/events/{wire.segment(event_id)}"
    return f"{path}/{verb}" if verb else path


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _events(page: Mapping[str, Any]) -> list[RemoteEvent]:
    return [event_from_graph(item) for item in page.get("value", [])]


def _last_of_each(items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """An id may occur several times in a round; the last one counts (delta.md §4)."""
    latest: dict[str, Mapping[str, Any]] = {}
    for item in items:
        latest.pop(item["id"], None)
        latest[item["id"]] = item
    return list(latest.values())
