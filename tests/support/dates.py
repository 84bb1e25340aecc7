"""People who change single dates of a series in Leansoft, and who hears of it."""

from datetime import date

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.models import Event
from leansoft.events.fields import Field, Value
from leansoft.kit import clock
from support.company import Company


def again(event: Event) -> Event:
    """As it is in the database now."""
    return Event.objects.get(pk=event.pk)


def edit_date(event: Event, day: date, by: User, **fields: Value) -> None:
    values = {Field(name): value for name, value in fields.items()}
    edit_occurrence(again(event), day, by=by, values=values, now=clock.now())


def take_out(event: Event, day: date, by: User) -> None:
    delete_occurrence(again(event), day, by=by, now=clock.now())


def told(company: Company, *, after: int = 0) -> list[tuple[str, str]]:
    """(to, kind) of each mail since then."""
    return sorted((to, kind) for to, kind, _ in company.sandbox.mails()[after:])
