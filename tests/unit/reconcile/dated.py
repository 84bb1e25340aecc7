"""A weekly series on which both sides agree, but for what single dates hold."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from leansoft.events.fields import Field, Role, Values
from leansoft.reconcile.snapshot import (
    DateBase,
    DateTriple,
    Local,
    LocalDate,
    Pair,
    Presence,
    Remote,
    RemoteDate,
    Triple,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)
DAYS = (date(2026, 12, 7), date(2026, 12, 14))
DAY = DAYS[0]
WHEN = {
    "start": "2026-12-07T08:00:00Z",
    "end": "2026-12-07T09:00:00Z",
    "zone": "Europe/Berlin",
    "all_day": False,
    "rrule": "FREQ=WEEKLY;BYDAY=MO",
}
ANA = {"email": "ana@example.org", "name": "Ana", "type": "required"}
SHARED = {Field.SUBJECT: "Standup", Field.WHEN: WHEN, Field.ATTENDEES: []}
OWN = {Field.SHOW_AS: "busy", Field.RESPONSE: "accepted"}
MASTER: Mapping[Role, Values] = {
    Role.ORGANIZER: {**SHARED, Field.SHOW_AS: "busy"},
    Role.WITNESS: {**SHARED, **OWN},
    Role.ATTENDEE: OWN,
}
TEA, COFFEE = {Field.SUBJECT: "Tea"}, {Field.SUBJECT: "Coffee"}
NOBODY = LocalDate(presence=Presence.DELETED)
GONE_THERE, CANCELLED = RemoteDate(here=False), RemoteDate(cancelled=True)
GONE = DateBase(gone=True)


def here(values: Values, edited_at: datetime = BEFORE) -> LocalDate:
    return LocalDate(values=values, edited_at=dict.fromkeys(values, edited_at))


def there(values: Values) -> RemoteDate:
    return RemoteDate(values=values, modified_at=NOON)


def both(values: Values) -> DateBase:
    return DateBase(ours=values, theirs=values)


def series(dates: Mapping[date, DateTriple], role: Role = Role.ORGANIZER) -> Triple:
    """Both sides agree on everything but these dates."""
    values = MASTER[role]
    return Triple(
        role=role,
        local=Local(presence=Presence.HERE, values=values),
        remote=Remote(here=True, values=values, modified_at=NOON),
        base={f: Pair(ours=v, theirs=v) for f, v in values.items()},
        projected=frozenset(values),
        dates=dates,
    )


def one(
    local: LocalDate | None = None,
    remote: RemoteDate | None = None,
    base: DateBase | None = None,
    role: Role = Role.ORGANIZER,
) -> Triple:
    dated = DateTriple(
        local=local or LocalDate(), remote=remote or RemoteDate(), base=base or DateBase()
    )
    return series({DAY: dated}, role)
