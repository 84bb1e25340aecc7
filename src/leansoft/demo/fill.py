"""Puts the demo company into an empty Leansoft."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from leansoft.accounts.domain.users import create_user
from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.domain.events import create_event, respond
from leansoft.contacts.models import Contact
from leansoft.demo.events import EVENTS, Planned, deleted_date, moved_date, values_of
from leansoft.demo.people import COLLEAGUES, OUTSIDERS, PASSWORD, ZONE, Colleague
from leansoft.events.fields import Field, Response


@transaction.atomic
def fill_company(*, now: datetime) -> bool:
    """Whether it was filled: a Leansoft that has users is left alone."""
    if User.objects.exists():
        return False
    users = {colleague.key: _hire(colleague) for colleague in COLLEAGUES}
    Contact.objects.bulk_create(
        Contact(name=p.name, email=p.email, company=p.company, phone=p.phone) for p in OUTSIDERS
    )
    for planned in EVENTS:
        _hold(planned, users, now)
    return True


def _hire(colleague: Colleague) -> User:
    user = create_user(
        email=colleague.email,
        password=PASSWORD,
        name=colleague.name,
        administrator=colleague.administrator,
        time_zone=ZONE,
    )
    if colleague.shares_details:
        user.sharing = User.Sharing.DETAILS
        user.save(update_fields=["sharing"])
    return user


def _hold(planned: Planned, users: dict[str, User], now: datetime) -> None:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    event = create_event(users[planned.by], values=values_of(planned, today=today), now=now)
    for key, answer in planned.answers.items():
        respond(event, by=users[key], response=Response(answer), now=now)
    organizer = users[planned.by]
    if moved := moved_date(planned, today=today):
        day, when = moved
        edit_occurrence(event, day, by=organizer, values={Field.WHEN: when}, now=now)
    if deleted := deleted_date(planned, today=today):
        delete_occurrence(event, deleted, by=organizer, now=now)
