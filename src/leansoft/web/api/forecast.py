"""Whom Outlook would mail for an act, asked by the form before the act."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from leansoft.calendars.models import Event
from leansoft.sync import forecast
from leansoft.web.api.auth import caller
from leansoft.web.api.event_in import EventChange, values_of
from leansoft.web.api.events import find_event
from leansoft.web.api.problems import Problem
from leansoft.web.names import names_of

router = Router(tags=["events"])


class Act(Schema):
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
    values = values_of(body.changes, event=event, caller=user)
    mails = forecast.forecast_act(body.act, event, values, by=user)
    return {"mails": mails, "sentence": forecast.sentence(mails, names_of(mails))}


def _event_of(body: Act, request: HttpRequest) -> Event | None:
    if body.act == "create":
        return None
    if body.id is None:
        raise Problem(422, f"'id' is missing: say which event to {body.act}.", field="id")
    return find_event(caller(request), body.id)
