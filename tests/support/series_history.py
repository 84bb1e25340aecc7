"""One series through a random history: its world, and what both sides show of it."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from convergence.crashes import Crash, CrashPoints
from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.occurrences import Occurrence, Stretch, occurrences
from leansoft.calendars.queries import events_for
from leansoft.calendars.values import shared_values, when_value
from leansoft.events.fields import Field, Value
from leansoft.events.recurrence import dates
from leansoft.events.slots import instant_text
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.run import execute
from support.company import Company
from support.outlook import OutlookUser

ANA = "ana@elsewhere.org"
RULES = [
    "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
    "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6",
    "FREQ=DAILY;INTERVAL=3;COUNT=4",
    "FREQ=MONTHLY;BYMONTHDAY=4;COUNT=3",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR",
]
YEARS = [2030, 2030, 2030, 1998, 2098]
PLACES: list[tuple[str, time | None]] = [
    ("Europe/Paris", time(9)),
    ("Europe/Paris", time(9)),
    ("America/New_York", time(20, 30)),
    ("Australia/Lord_Howe", time(0, 15)),
    ("Asia/Tokyo", time(8)),
    ("", None),
]
"""Where a series is, and when it begins there; without a place it takes whole days."""
STEPS = 9
"""Acts of one history."""


class History:
    """One seed's world. Alice organizes, Bob attends, Ana is outside, with an Outlook of her own;
    both users are connected."""

    def __init__(self, company: Company, alice: User, bob: User, seed: int) -> None:
        self.company, self.alice, self.bob = company, alice, bob
        self.random = random.Random(seed)
        self.year = self.random.choice(YEARS)
        self.story = [f"seed {seed}"]
        switches = {
            "series_change_drops_exceptions": self.random.choice(["always", "pattern", "never"]),
            "exceptions_follow_master": self.random.random() < 0.6,
            "delta_removed_for_deleted_occurrence": self.random.random() < 0.5,
            "delta_replays": self.random.random() < 0.5,
            "delta_shuffle": self.random.random() < 0.5,
            "delta_masters": self.random.random() < 0.7,
            "delta_stubs": self.random.random() < 0.7,
            "delta_series_tombstones": self.random.choice(["master", "all"]),
        }
        company.sandbox.control("PUT", "switches", switches)
        self.trouble = self.random.choice([0, 0.3])
        """How often a round loses an answer, or dies."""
        self.tell(str(switches))
        company.sandbox.add_account(ANA)
        for user in (alice, bob):
            company.start(user)
        self.outlooks = {user.pk: company.outlook(user) for user in (alice, bob)}
        self.ana = company.sandbox.person(ANA)
        invited = self.random.choice([[], [bob.email], [bob.email, ANA]])
        when = {**self._begin(), "rrule": self.random.choice(RULES)}
        self.names = iter(f"name {n}" for n in range(1000))
        company.create(alice, next(self.names), *invited, when=when)
        self.tell(f"{when} with {invited}")

    def _begin(self) -> Value:
        """The fourth of March, somewhere."""
        place, clock = self.random.choice(PLACES)
        day = date(self.year, 3, 4)
        if clock is None:
            end = day + timedelta(days=self.random.choice([1, 2]))
            return {"start": str(day), "end": str(end), "zone": None, "all_day": True}
        start = datetime.combine(day, clock, ZoneInfo(place))
        edges = {"start": start, "end": start + timedelta(hours=1)}
        texts = {edge: instant_text(moment) for edge, moment in edges.items()}
        return {**texts, "zone": place, "all_day": False}

    @property
    def stretch(self) -> Stretch:
        edges = (datetime(self.year, month, 1, tzinfo=UTC) for month in (2, 6))
        return Stretch(start=next(edges), end=next(edges))

    @property
    def window(self) -> str:
        edges = f"startDateTime={self.year}-02-01T00:00:00Z&endDateTime={self.year}-06-01T00:00:00Z"
        return f"{edges}&$top=500"

    def tell(self, line: str) -> None:
        self.story.append(line)

    def play(self, acts: Sequence[Callable[["History"], None]]) -> None:
        self.sync(self.alice)
        self.sync(self.bob)
        for _ in range(STEPS):
            act = self.random.choice(acts)
            self.tell(act.__name__.strip("_"))
            with suppress(CalendarError, Nothing, httpx.HTTPError, AssertionError):
                act(self)
            if self.random.random() < 0.4:
                self.sync(self.random.choice([self.alice, self.bob]))

    def settle(self) -> None:
        self.trouble = 0
        for _ in range(6):
            runs = [self.sync(user) for user in (self.alice, self.bob)]
            if not any(run.actions.exists() for run in runs):
                return
        raise AssertionError("It does not come to rest.")

    def sync(self, user: User) -> SyncRun:
        before = len(self.company.sandbox.mails())
        broken = self.random.choice([self.broken_round, self.dying_round])
        runs = [broken(user)] if self.random.random() < self.trouble else []
        runs.append(self.company.sync(user))
        sent = [(to, kind) for to, kind, _ in self.company.sandbox.mails()[before:]]
        rows = [row for run in runs for row in run.actions.all()]
        done = [
            f"  {row.side} {row.kind} {row.occurrence or ''} {row.cause} {row.after} {row.outcome}"
            f" mails {[(m['to'], m['kind'], m['certain']) for m in row.mails]}"
            for row in rows
        ]
        self.tell("\n".join([f"sync {user.name}", *done, f"  sent {sent}"]))
        check_mails(sent, [row for row in rows if row.side == SyncAction.Side.OUTLOOK])
        return runs[-1]

    def broken_round(self, user: User) -> SyncRun:
        """A round that loses an answer somewhere."""
        fault = {
            "method": self.random.choice(["GET", "POST", "PATCH", "DELETE"]),
            "path": "^/me/events",
            "skip": self.random.randint(0, 2),
            "when": self.random.choice(["before", "after"]),
            "drop": True,
        }
        self.company.sandbox.fault(**fault)
        run = self.company.try_sync(user)
        self.company.sandbox.control("DELETE", "faults")
        self.tell(f"{user.name} loses an answer: {fault}: {run.errors}")
        run.refresh_from_db()
        return run

    def dying_round(self, user: User) -> SyncRun:
        """A round whose worker dies before something is written down."""
        points, number = CrashPoints(), self.random.randint(1, 60)
        mailbox = self.company.mailbox(user)
        run = SyncRun.objects.create(mailbox=mailbox, cause=SyncRun.Cause.MANUAL)
        with suppress(Crash), points.watching_commits(), points.crashing_at(number):
            execute(run)
        self.tell(f"{user.name}'s worker dies at {number}")
        return run

    # What the acts work on

    def series(self) -> Event:
        found = list(Event.objects.filter(archived_at=None).exclude(rrule="").order_by("pk"))
        if not found:
            raise Nothing
        return self.random.choice(found)

    def day(self, event: Event) -> date:
        found = dates(when_value(event), before=date(self.year, 6, 1))
        left = [day for day in found if day not in event.excluded]
        if not left:
            raise Nothing
        return self.random.choice(left)

    def instance(self, outlook: OutlookUser) -> dict[str, Any]:
        found = outlook.ask("GET", f"/me/calendarView?{self.window}")["value"]
        live = [one for one in found if not one["isCancelled"] and one["seriesMasterId"]]
        if not live:
            raise Nothing
        return dict(self.random.choice(live))

    def master(self, outlook: OutlookUser) -> dict[str, Any]:
        found = [one for one in outlook.events() if one["type"] == "seriesMaster"]
        if not found:
            raise Nothing
        return dict(self.random.choice(found))


class Nothing(Exception):
    """There is nothing to act on."""


GUEST = "as the guest's own copy has it"
"""Outlook tells a guest of one date nothing of the series, so that their copy may be old."""


def calendar_here(history: History, user: User) -> list[tuple[Any, ...]]:
    """What Leansoft shows this user: (start, end, subject, place, how it shows, own answer, Ana's
    answer on the organizer's)."""
    found = []
    events = events_for(user).filter(participants__user=user)
    for event in events:
        if event.is_series:
            found += [
                _line(one, user) for one in occurrences(event, history.stretch, only=_on(user))
            ]
        elif _on(user)(event):
            found.append(_facts(event, event.starts_at, event.ends_at, user))
    return sorted(found)


def _on(user: User) -> Callable[[Event], bool]:
    """Whoever takes part without Outlook's knowledge has no copy."""

    def takes_part(event: Event) -> bool:
        own = [p for p in event.participants.all() if p.user_id == user.pk and p.removed_at is None]
        # Whom the organizer takes off the series, Outlook may leave on a date, and tell nothing.
        asked = not any(map(_is_guest, own)) or event.links.filter(**_invited(user)).exists()
        return asked and any(p.is_organizer or p.channel != Channel.NONE for p in own)

    return takes_part


def _line(one: Occurrence, user: User) -> tuple[Any, ...]:
    return _facts(one.event, one.starts_at, one.ends_at, user)


def _facts(event: Event, start: datetime, end: datetime, user: User) -> tuple[Any, ...]:
    person = next(p for p in event.participants.all() if p.user_id == user.pk)
    values = shared_values(event)
    is_guest = _is_guest(person)
    return (
        GUEST if is_guest else start.astimezone(UTC).isoformat()[:16],
        GUEST if is_guest else end.astimezone(UTC).isoformat()[:16],
        GUEST if is_guest else values[Field.SUBJECT],
        GUEST if is_guest else values[Field.LOCATION],
        person.show_as or "",
        _answer(person.response) if not person.is_organizer else "",
        [_answer(p.response) for p in event.participants.all() if _is_told(p)]
        if person.is_organizer
        else [],
    )


def _is_guest(person: Participant) -> bool:
    return Participant.objects.get(pk=person.pk).is_guest


def _invited(user: User) -> dict[str, Any]:
    return {"mailbox__user": user, "date__isnull": False}


def _is_told(person: Participant) -> bool:
    return person.email == ANA and person.channel == Channel.OUTLOOK


def calendar_there(history: History, user: User) -> list[tuple[Any, ...]]:
    """Without what Outlook left behind: a new rule or time tells no guest of an old date."""
    both = (history.outlooks[one.pk] for one in (user, history.alice))
    found, held = (one.ask("GET", f"/me/calendarView?{history.window}") for one in both)
    known = {one["iCalUId"] for one in held["value"] if _names(one, user)}
    return sorted(
        (
            GUEST if _invites_to_date(one) else one["start"]["dateTime"][:16],
            GUEST if _invites_to_date(one) else one["end"]["dateTime"][:16],
            GUEST if _invites_to_date(one) else one["subject"],
            GUEST if _invites_to_date(one) else one["location"]["displayName"],
            {"workingElsewhere": "working_elsewhere"}.get(one["showAs"], one["showAs"]),
            "" if one["isOrganizer"] else _answer(one["responseStatus"]["response"]),
            [
                _answer(person["status"]["response"])
                for person in one["attendees"]
                if person["emailAddress"]["address"] == ANA and one["isOrganizer"]
            ],
        )
        for one in found["value"]
        if not one["isCancelled"] and not (_invites_to_date(one) and one["iCalUId"] not in known)
    )


def _names(one: dict[str, Any], user: User) -> bool:
    return any(person["emailAddress"]["address"] == user.email for person in one["attendees"])


def _invites_to_date(one: dict[str, Any]) -> bool:
    return bool(one["type"] == "singleInstance" and one["iCalUId"][32:40] != "00000000")


def _answer(word: str) -> str:
    word = {"tentativelyAccepted": "tentatively_accepted", "none": "not_responded"}.get(word, word)
    return "not_responded" if word == "notResponded" else word


def check_mails(sent: list[tuple[str, str]], rows: list[SyncAction]) -> None:
    """Every mail of this round was foreseen, and every certain one was sent."""
    foreseen = [(m, row) for row in rows for m in row.mails if row.outcome != "refused"]
    possible = Counter((mail["to"], mail["kind"]) for mail, _ in foreseen)
    certain = Counter(
        (mail["to"], mail["kind"])
        for mail, row in foreseen
        if mail["certain"] and row.outcome == SyncAction.Outcome.DONE
    )
    assert not Counter(sent) - possible, f"sent but not foreseen: {Counter(sent) - possible}"
    assert not certain - Counter(sent), f"foreseen but not sent: {certain - Counter(sent)}"


def comes_by_itself(row: SyncAction, rows: list[SyncAction]) -> bool:
    """What Outlook makes of a write, to dates or answers, nobody knows before."""
    own = row.kind == SyncAction.Kind.UPDATED or row.occurrence is not None
    if row.side == SyncAction.Side.OUTLOOK or not own:
        return False
    return any(other.side == SyncAction.Side.OUTLOOK and other.pk < row.pk for other in rows)


def line_of(line: dict[str, Any]) -> Any:
    mails = sorted((mail["to"], mail["kind"], mail["certain"]) for mail in line["mails"])
    return line["subject"], str(line["side"]), str(line["kind"]), line["date"], tuple(mails)
