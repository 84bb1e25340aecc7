"""Events: `/api/v1/events`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict

from leansoft.accounts.models import User
from leansoft.calendars.domain import events as calendar
from leansoft.calendars.domain.dates import respond_on
from leansoft.calendars.domain.errors import StaleVersion
from leansoft.calendars.domain.when import settled
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.occurrences import Stretch, occurrence_on
from leansoft.calendars.queries import (
    TooMany,
    events_for,
    expanded,
    is_for,
    overlapping,
    without_idle_series,
)
from leansoft.events.fields import Field as EventField
from leansoft.events.fields import Response
from leansoft.kit.clock import now
from leansoft.kit.zones import zone
from leansoft.sync.control import check_can_answer
from leansoft.sync.tasks import sync_event_later
from leansoft.web.api.auth import caller, is_browser
from leansoft.web.api.event_dates import OneDate, Scope, change, day_meant, excluded_days, remove
from leansoft.web.api.event_in import EventChange, NewEvent, values_of
from leansoft.web.api.event_out import (
    EventList,
    EventOut,
    show_event,
    show_events,
    show_occurrences,
)
from leansoft.web.api.paging import Limit, Offset
from leansoft.web.api.problems import Problem
from leansoft.web.api.texts import Text

router = Router(tags=["events"])

LONGEST_EXPANDED = timedelta(days=5 * 366)


class Range(Schema):
    start: str | None = None
    end: str | None = None
    # Dates of series one by one.
    expand: bool = False
    archived: bool = False
    user: list[int] = []
    limit: Limit = 1000
    offset: Offset = 0


class Removal(Scope):
    forever: bool = False


class Answer(Schema):
    model_config = ConfigDict(extra="forbid")

    response: Literal["accepted", "tentatively_accepted", "declined"]
    comment: Text | None = None


@router.get("/events", response=EventList)
def list_events(request: HttpRequest, query: Query[Range]) -> dict[str, Any]:
    user = caller(request)
    start, end = _instant(query.start, "start"), _instant(query.end, "end")
    events = events_for(user, archived=query.archived)
    if query.user:
        events = _on_calendars_of(events, query.user)
    stretch = Stretch(**_given(start=start, end=end), zone=zone(user.time_zone))
    only = _seen_by(user, query)
    page = slice(query.offset, query.offset + query.limit)
    if query.expand:
        _check_expandable(start, end)
        try:
            found = expanded(events, stretch, only=only)
        except TooMany as error:
            raise Problem(422, str(error), field="end") from error
        return {"items": show_occurrences(found[page], user), "count": len(found)}
    events = overlapping(events, start=start, end=end, zone=stretch.zone)
    if start or end:
        events = without_idle_series(events, stretch, only=only)
    return {"items": show_events(events[page], user), "count": events.count()}


def _given(**edges: datetime | None) -> dict[str, datetime]:
    return {name: edge for name, edge in edges.items() if edge is not None}


def _seen_by(user: User, query: Range) -> Callable[[Event], bool]:
    # The archive shows whole events.
    if query.archived:
        return lambda _: True
    return lambda event: is_for(event, user, query.user)


def _check_expandable(start: datetime | None, end: datetime | None) -> None:
    if start is None or end is None:
        missing = "start" if start is None else "end"
        sentence = f"'{missing}' is missing: a series can be endless, so 'expand' needs both ends."
        raise Problem(422, sentence, field=missing)
    if end - start > LONGEST_EXPANDED:
        raise Problem(422, "Ask for at most five years with 'expand'.", field="end")


@router.post("/events", response={201: EventOut})
def create_event(request: HttpRequest, response: HttpResponse, body: NewEvent) -> Any:
    user = caller(request)
    values = values_of(body, event=None, caller=user)
    excluded = excluded_days(body, settled(values[EventField.WHEN]))
    event = calendar.create_event(user, values=values, excluded=excluded, now=now())
    sync_event_later(event, by=user, announced=is_browser(request))
    return Status(201, _answer(response, event, user))


@router.get("/events/{uuid:event_id}", response=EventOut)
def get_event(
    request: HttpRequest, response: HttpResponse, event_id: UUID, query: Query[OneDate]
) -> dict[str, Any]:
    user = caller(request)
    event = find_event(user, event_id)
    return _answer(response, event, user, day_meant(event, query.occurrence))


@router.patch("/events/{uuid:event_id}", response=EventOut)
def edit_event(
    request: HttpRequest,
    response: HttpResponse,
    event_id: UUID,
    body: EventChange,
    query: Query[Scope],
) -> dict[str, Any]:
    user = caller(request)
    event = _held(request, user, event_id)
    changed = change(event, body, query, by=user)
    for touched in {event.pk: event, changed.event.pk: changed.event}.values():
        sync_event_later(touched, by=user, announced=is_browser(request))
    return _answer(response, changed.event, user, changed.day)


@router.delete("/events/{uuid:event_id}", response={204: None})
def delete_event(request: HttpRequest, event_id: UUID, query: Query[Removal]) -> Any:
    user = caller(request)
    event = _held(request, user, event_id)
    if query.forever:
        sync_event_later(event, by=user, announced=is_browser(request))
        calendar.delete_forever(event, by=user)
    else:
        event = remove(event, query, by=user)
        sync_event_later(event, by=user, announced=is_browser(request))
    return Status(204, None)


@router.post("/events/{uuid:event_id}/archive", response=EventOut)
def archive_event(request: HttpRequest, response: HttpResponse, event_id: UUID) -> dict[str, Any]:
    user = caller(request)
    event = calendar.archive_event(_held(request, user, event_id), by=user, now=now())
    sync_event_later(event, by=user, announced=is_browser(request))
    return _answer(response, event, user)


@router.post("/events/{uuid:event_id}/unarchive", response=EventOut)
def unarchive_event(request: HttpRequest, response: HttpResponse, event_id: UUID) -> dict[str, Any]:
    user = caller(request)
    event = calendar.unarchive_event(_held(request, user, event_id), by=user)
    sync_event_later(event, by=user, announced=is_browser(request))
    return _answer(response, event, user)


@router.post("/events/{uuid:event_id}/respond", response=EventOut)
def respond(
    request: HttpRequest,
    response: HttpResponse,
    event_id: UUID,
    body: Answer,
    query: Query[OneDate],
) -> dict[str, Any]:
    user = caller(request)
    comment = (body.comment or "").strip()
    event = _held(request, user, event_id)
    check_can_answer(event, user, comment=comment)
    day, answer = day_meant(event, query.occurrence), Response(body.response)
    if day is None:
        event = calendar.respond(event, by=user, response=answer, comment=comment, now=now())
    else:
        event = respond_on(event, day, by=user, response=answer, comment=comment, now=now())
    sync_event_later(event, by=user, announced=is_browser(request))
    return _answer(response, event, user, day)


def find_event(user: User, event_id: UUID, *, hold: bool = False) -> Event:
    """On a calendar or in the archive. Raises `Http404` for what the user may not know of.

    `hold`: until the transaction ends nobody else changes it, and it is read as it is then.
    """
    for archived in (False, True):
        events = events_for(user, archived=archived).filter(pk=event_id)
        event = (events.select_for_update(of=("self",)) if hold else events).first()
        if event is not None:
            return event
    raise Http404("There is no such event, or none that you may see.")


def _held(request: HttpRequest, user: User, event_id: UUID) -> Event:
    """The event, held until the request ends, and still at the version the caller knows."""
    event = find_event(user, event_id, hold=True)
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*":
        known = re.findall(r'"([^"]*)"', wanted) or [wanted.strip()]
        if str(event.version) not in known:
            raise StaleVersion(
                f"The event is at version {event.version} by now: read it again, then change it."
            )
    return event


def _answer(
    response: HttpResponse, event: Event, user: User, day: date | None = None
) -> dict[str, Any]:
    response["ETag"] = f'"{event.version}"'
    if day is None:
        return show_event(event, user)
    return show_occurrences([occurrence_on(event, day)], user)[0]


def _on_calendars_of(events: QuerySet[Event], user_ids: list[int]) -> QuerySet[Event]:
    parts = Participant.objects.filter(
        event=OuterRef("pk"), user__in=user_ids, removed_at__isnull=True
    )
    return events.filter(Exists(parts))


def _instant(text: str | None, field: str) -> datetime | None:
    """Without an offset UTC is meant; a plus sign that was not escaped arrives as a space."""
    if not text:
        return None
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = f"'{field}' is no instant: write it like 2026-12-01T08:00:00Z."
        raise Problem(422, sentence, field=field) from error
