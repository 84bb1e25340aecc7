"""Whom Outlook would mail for an act, asked by the form before the act."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on
from leansoft.sync.preview import forecast
from leansoft.web.api.auth import caller
from leansoft.web.api.event_dates import Scope, day_meant, values_on
from leansoft.web.api.event_in import EventChange, values_of
from leansoft.web.api.events import find_event
from leansoft.web.api.problems import Problem
from leansoft.web.names import names_of

router = Router(tags=["events"])


class Act(Scope):
    model_config = ConfigDict(extra="forbid")

    act: Literal["create", "edit", "delete", "archive", "unarchive"]
    id: UUID | None = None
    changes: EventChange = EventChange()


class Mail(Schema):
    to: str
    kind: str
    event: str | None
    certain: bool


class Forecast(Schema):
    mails: list[Mail]
    sentence: str


@router.post("/events/forecast", response=Forecast)
def forecast_act(request: HttpRequest, body: Act) -> dict[str, Any]:
    user = caller(request)
    event = _event_of(body, request)
    mails = _mails(body, event, user)
    return {"mails": mails, "sentence": forecast.sentence(mails, names_of(mails))}


def _mails(body: Act, event: Event | None, user: User) -> list[dict[str, Any]]:
    day = day_meant(event, body.occurrence) if event is not None else None
    if event is None or day is None:
        values = values_of(body.changes, event=event, caller=user)
        return forecast.forecast_act(body.act, event, values, by=user)
    values = values_on(event, day, body.changes, body.scope, by=user)
    if body.scope == "following":
        return forecast.forecast_following(body.act, event, day, values, by=user)
    meant = event if body.scope == "all" else event_on(event, day)
    return forecast.forecast_act(body.act, meant, values, by=user)


def _event_of(body: Act, request: HttpRequest) -> Event | None:
    if body.act == "create":
        return None
    if body.id is None:
        raise Problem(422, f"'id' is missing: say which event to {body.act}.", field="id")
    return find_event(caller(request), body.id)
