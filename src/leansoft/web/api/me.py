"""The caller: `/api/v1/me`."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, StringConstraints

from leansoft.accounts.models import User
from leansoft.kit.zones import is_iana
from leansoft.web.api.auth import caller
from leansoft.web.api.event_in import Minutes
from leansoft.web.api.problems import Problem
from leansoft.web.api.texts import Text, storable

router = Router(tags=["me"])


class Me(Schema):
    id: int
    email: str
    name: str
    role: str
    time_zone: str
    default_reminder_minutes: int | None
    sharing: str


class MeChange(Schema):
    """A field that is left out keeps its value; `default_reminder_minutes: null` is no reminder."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150), storable
    ] = ""
    time_zone: Text = "UTC"
    default_reminder_minutes: Minutes | None = None
    sharing: Literal["busy", "details"] = "busy"


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> User:
    return caller(request)


@router.patch("/me", response=Me)
def edit_me(request: HttpRequest, body: MeChange) -> User:
    user = caller(request)
    if "time_zone" in body.model_fields_set and not is_iana(body.time_zone):
        raise Problem(
            422,
            f"'{body.time_zone}' is not a time zone: use a name such as Europe/Berlin.",
            field="time_zone",
        )
    for field in body.model_fields_set:
        setattr(user, field, getattr(body, field))
    user.save(update_fields=body.model_fields_set)
    return user
