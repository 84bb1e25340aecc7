"""Whom Outlook will mail for an action, before it is done.

*Will* is documented (operations.md §3–4), *may* is not: a list of silent properties exists nowhere.
Guards count both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from leansoft.events.fields import CREATE_ONLY, Field, Value, Values
from leansoft.reconcile.actions import (
    Action,
    Adopt,
    Agree,
    AgreeDate,
    ArchiveHere,
    CreateHere,
    CreateThere,
    DeclineDateThere,
    DeclineThere,
    DeleteDateThere,
    DeleteThere,
    LetGo,
    RemoveDateHere,
    RemoveHere,
    RespondDateThere,
    RespondThere,
    RestoreDateHere,
    RestoreHere,
    UpdateDateHere,
    UpdateDateThere,
    UpdateHere,
    UpdateThere,
)

DOCUMENTED = frozenset({Field.SUBJECT, Field.BODY, Field.LOCATION, Field.WHEN})
"""A change of these mails everyone; of others, it may."""


NO_TYPES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDate:
    """A date of a series that Outlook mails about by itself when the series changes.

    `people`: address and type; None when the date has those of the series. `certain` is False
    where it is open whether Outlook counts the date as changed."""

    people: Mapping[str, str] | None
    certain: bool


class MailKind(StrEnum):
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mail:
    """One mail to one person. `certain` is False where Outlook's behaviour is not documented."""

    to: str
    kind: MailKind
    certain: bool = True


def forecast(
    action: Action,
    *,
    present: Iterable[str] = (),
    organizer: str | None = None,
    types: Mapping[str, str] = NO_TYPES,
    dates: Iterable[ChangedDate] = (),
) -> tuple[Mail, ...]:
    """Mails of one action.

    `present`: addresses on Outlook's copy now (of one date: on that date), without its owner;
    `types`: as what they are invited. `organizer`: who hears an answer. `dates`: those of a series
    that differ in Outlook.
    """
    match action:
        case CreateThere():
            return _all(_addresses(action.values.get(Field.ATTENDEES, [])), MailKind.INVITATION)
        case UpdateThere():
            return forecast_update(action.values, present=present, types=types, dates=dates)
        case UpdateDateThere():
            return forecast_update(action.values, present=present, types=types)
        case DeleteThere():
            return forecast_deletion(present, dates)
        case DeleteDateThere():
            return _all(present, MailKind.CANCELLATION)
        case DeclineThere() | DeclineDateThere():
            return _answer(organizer) if action.send_response else ()
        case RespondThere() | RespondDateThere():
            return _answer(organizer)
        case (
            CreateHere() | UpdateHere() | Adopt() | ArchiveHere() | RemoveHere()
            | RestoreHere() | Agree() | LetGo()
            | UpdateDateHere() | RemoveDateHere() | RestoreDateHere() | AgreeDate()
        ):  # fmt: skip
            return ()
        case _:
            assert_never(action)


def forecast_update(
    values: Values,
    *,
    present: Iterable[str],
    types: Mapping[str, str] = NO_TYPES,
    dates: Iterable[ChangedDate] = (),
) -> tuple[Mail, ...]:
    """Mails of a PATCH of these fields by the organizer.

    Only `attendees` in it: a mail to those who change, perhaps also to somebody who only becomes
    optional or required. With anything else: to everyone, and once more for each changed date.
    """
    before = {email.casefold() for email in present}
    after = before
    if Field.ATTENDEES in values:
        after = set(_addresses(values[Field.ATTENDEES]))
    content = values.keys() - {Field.ATTENDEES} - CREATE_ONLY
    mails = [
        *_all(after - before, MailKind.INVITATION),
        *_all(before - after, MailKind.CANCELLATION),
    ]
    if content:
        certain = bool(content & DOCUMENTED)
        mails += _all(before & after, MailKind.UPDATE, certain=certain)
    elif Field.ATTENDEES in values:
        invited_as = {p["email"].casefold(): p["type"] for p in values[Field.ATTENDEES]}
        known = {email.casefold(): kind for email, kind in types.items()}
        changed = {e for e in before & after if known.get(e, invited_as[e]) != invited_as[e]}
        mails += _all(changed, MailKind.UPDATE, certain=False)
    # A new time or rule may drop such dates; whoever is only added may hear of them.
    sure = bool(content & DOCUMENTED) and Field.WHEN not in content
    stay, come = before & after if content else set(), after - before
    for one in dates:
        mails += _all(_on_date(one, stay), MailKind.UPDATE, certain=sure and one.certain)
        mails += _all(_on_date(one, come), MailKind.UPDATE, certain=False)
    return tuple(mails)


def forecast_deletion(present: Iterable[str], dates: Iterable[ChangedDate]) -> tuple[Mail, ...]:
    """Mails of the end of an event; those invited to single dates of a series may hear of each."""
    everybody = {email.casefold() for email in present}
    mails = _all(everybody, MailKind.CANCELLATION)
    for one in dates:
        guests = {email.casefold() for email in one.people or ()} - everybody
        mails += _all(guests, MailKind.CANCELLATION, certain=False)
    return mails


def _on_date(one: ChangedDate, people: set[str]) -> set[str]:
    return people if one.people is None else people & {email.casefold() for email in one.people}


def _all(addresses: Iterable[str], kind: MailKind, *, certain: bool = True) -> tuple[Mail, ...]:
    return tuple(Mail(to=email, kind=kind, certain=certain) for email in sorted(set(addresses)))


def _answer(organizer: str | None) -> tuple[Mail, ...]:
    return () if organizer is None else _all([organizer], MailKind.RESPONSE)


def _addresses(people: Value) -> list[str]:
    return [person["email"].casefold() for person in people]
