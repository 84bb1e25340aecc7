"""Who hears of an event in Outlook, and how a plan's own actions change that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from leansoft.events.fields import Field, Value
from leansoft.reconcile.actions import (
    Action,
    CreateThere,
    DeleteDateThere,
    UpdateDateThere,
    UpdateThere,
)
from leansoft.reconcile.dates import CONTENT
from leansoft.reconcile.forecast import ChangedDate, Mail, forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is on Outlook's copy, without its owner: address and type. `dates`: those of a series
    that differ there. `organizer`: who hears an answer."""

    people: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[date, ChangedDate] = field(default_factory=dict)
    organizer: str | None = None

    def hears_of(self, action: Action) -> tuple[Mail, ...]:
        people = self._on(getattr(action, "day", None))
        return forecast(
            action,
            present=people,
            types=people,
            organizer=self.organizer,
            dates=self.dates.values(),
        )

    def after(self, action: Action) -> "Audience":
        match action:
            case CreateThere():
                people = types_of(action.values.get(Field.ATTENDEES, []))
                return replace(self, people=people, dates={})
            case UpdateThere() if Field.ATTENDEES in action.values:
                return replace(self, people=types_of(action.values[Field.ATTENDEES]))
            case UpdateDateThere():
                return replace(self, dates={**self.dates, action.day: self._changed(action)})
            case DeleteDateThere():
                left = {day: one for day, one in self.dates.items() if day != action.day}
                return replace(self, dates=left)
            case _:
                return self

    def _on(self, day: date | None) -> Mapping[str, str]:
        own = self.dates[day].people if day is not None and day in self.dates else None
        return self.people if own is None else own

    def _changed(self, action: UpdateDateThere) -> ChangedDate:
        before = self.dates.get(action.day, ChangedDate(people=None, certain=False))
        named = action.values.get(Field.ATTENDEES)
        return ChangedDate(
            people=before.people if named is None else types_of(named),
            certain=before.certain or not CONTENT.isdisjoint(action.values),
        )


def forecast_plan(plan: Iterable[Action], audience: Audience) -> list[tuple[Mail, ...]]:
    """Mails of each action, as things are after those before it."""
    mails = []
    for action in plan:
        mails.append(audience.hears_of(action))
        audience = audience.after(action)
    return mails


def types_of(people: Iterable[Value]) -> dict[str, str]:
    return {person["email"]: person["type"] for person in people}
