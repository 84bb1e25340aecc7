"""Random histories of one mailbox, a run, and its undo: both sides as before, but for what it said.

Checked without the journal: by what people see here and in Outlook before the run, after it, before
the undo and after it. A seed that fails tells its story.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, unarchive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.show.words import NAMES
from support.company import Company, required
from support.outlook import people
from support.pictures import Picture, picture_here, picture_there, seen_there, surprises
from support.undoing import nothing_follows, take_back

ANA, BO = "ana@elsewhere.org", "bo@elsewhere.org"
SEEDS = range(12)
EVENTS = 4


class History:
    """One seed's world: Alice's calendar here and in Outlook, and people outside."""

    def __init__(self, company: Company, alice: User, seed: int) -> None:
        self.company, self.alice = company, alice
        self.random = random.Random(seed)
        self.story = [f"seed {seed}"]
        self.names = (f"name {number}" for number in range(1000))
        company.start(alice)
        self.outlook = company.outlook(alice)
        for _ in range(EVENTS):
            self.random.choice([self.create_here, self.create_there])()
        company.sync(alice)

    def act(self, times: int) -> None:
        acts: list[Callable[[], None]] = [
            self.create_here,
            self.create_there,
            *[self.edit_here] * 4,
            *[self.edit_there] * 4,
            self.archive_here,
            self.unarchive_here,
            self.delete_there,
        ]
        for _ in range(times):
            self.random.choice(acts)()

    def tell(self, *words: object) -> None:
        self.story.append(" ".join(str(word) for word in words))

    def create_here(self) -> None:
        invited = self.random.sample([ANA, BO], self.random.randrange(3))
        event = self.company.create(self.alice, next(self.names), *invited)
        self.tell("created here", event, invited)

    def create_there(self) -> None:
        invited = self.random.sample([ANA, BO], self.random.randrange(3))
        name = next(self.names)
        self.outlook.create(name, attendees=people(*invited))
        self.tell("created there", name, invited)

    def edit_here(self) -> None:
        event = self._one_here(archived=False)
        if event is None:
            return
        field, value = self.random.choice(
            [
                ("subject", next(self.names)),
                ("location", next(self.names)),
                ("body", next(self.names)),
                ("importance", self.random.choice(["low", "high"])),
                ("show_as", self.random.choice(["free", "tentative"])),
                ("categories", [self.random.choice(["Red", "Blue"])]),
                ("reminder", self.random.choice(["off", 5, 60])),
                ("when", _when(self.random.randrange(1, 28))),
                ("attendees", required(*self.random.sample([ANA, BO], self.random.randrange(3)))),
            ]
        )
        self.tell("edited here", event, field, value)
        self.company.edit(event, self.alice, **{field: value})

    def edit_there(self) -> None:
        copy = self._one_there()
        if copy is None:
            return
        day = self.random.randrange(1, 28)
        change = self.random.choice(
            [
                {"subject": next(self.names)},
                {"location": {"displayName": next(self.names)}},
                {"body": {"contentType": "text", "content": next(self.names)}},
                {"importance": self.random.choice(["low", "high"])},
                {"showAs": self.random.choice(["free", "oof"])},
                {"categories": [self.random.choice(["Green", "Grey"])]},
                {"start": _graph_time(day, 11), "end": _graph_time(day, 12)},
                {"attendees": people(*self.random.sample([ANA, BO], self.random.randrange(3)))},
            ]
        )
        self.tell("edited there", copy["subject"], change)
        self.outlook.ask("PATCH", f"/me/events/{copy['id']}", change)

    def archive_here(self) -> None:
        event = self._one_here(archived=False)
        if event is not None:
            self.tell("archived here", event)
            archive_event(event, by=self.alice, now=clock.now())

    def unarchive_here(self) -> None:
        event = self._one_here(archived=True)
        if event is not None:
            self.tell("taken from the archive", event)
            unarchive_event(event, by=self.alice)

    def delete_there(self) -> None:
        copy = self._one_there()
        if copy is not None:
            self.tell("deleted there", copy["subject"])
            self.outlook.ask("DELETE", f"/me/events/{copy['id']}")

    def _one_here(self, *, archived: bool) -> Event | None:
        events = Event.objects.filter(archived_at__isnull=not archived).order_by("created_at")
        return self.random.choice(list(events)) if events else None

    def _one_there(self) -> dict[str, Any] | None:
        copies = sorted(self.outlook.events(), key=lambda copy: copy["subject"])
        return self.random.choice(copies) if copies else None

    def here(self) -> Picture:
        return picture_here(self.alice)

    def there(self) -> Picture:
        return picture_there(self.alice, self.outlook.events())


def _when(day: int) -> dict[str, Any]:
    start, end = f"2030-03-{day:02}T13:00:00Z", f"2030-03-{day:02}T14:00:00Z"
    return {"start": start, "end": end, "zone": "Europe/Paris", "all_day": False}


def _graph_time(day: int, hour: int) -> dict[str, str]:
    return {"dateTime": f"2030-03-{day:02}T{hour}:00:00", "timeZone": "Europe/Paris"}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_are_as_before_but_for_what_was_said(
    company: Company, alice: User, seed: int
) -> None:
    history = History(company, alice, seed)
    try:
        _play(history)
    except AssertionError:
        print("\n".join(history.story))
        raise


def _play(history: History) -> None:
    company, alice = history.company, history.alice
    history.act(history.random.randrange(2, 7))
    here, there = history.here(), history.there()
    history.tell("the run")
    run = company.sync(alice)
    after = (history.here(), history.there())
    if not run.actions.exists():
        return
    if history.random.random() < 0.5:
        history.act(2)
        history.tell("a later round")
        company.sync(alice)
    then = (history.here(), history.there())
    invites = history.random.random() < 0.3
    history.tell("the undo", "with invitations" if invites else "")
    preview = take_back(company, run, invites=invites)
    now = (history.here(), history.there())
    said = preview["cannot_restore"]
    history.tell(*[f"\n  {s['subject']}: {s['reason']}" for s in said])
    assert list(surprises(here, after[0], then[0], now[0], said)) == [], "here"
    assert list(surprises(there, after[1], then[1], now[1], said)) == [], "there"
    nothing_follows(company, alice)
    history.tell("the undo of the undo")
    redone = take_back(company, preview["run"])
    said = redone["cannot_restore"]
    assert list(surprises(then[0], now[0], now[0], history.here(), said)) == [], "here again"
    assert list(surprises(then[1], now[1], now[1], history.there(), said)) == [], "there again"
    nothing_follows(company, alice)


def test_the_words_looked_for_are_those_that_are_said() -> None:
    shown = set(seen_there(_a_copy()))
    assert shown <= set(NAMES.values())


def _a_copy() -> dict[str, Any]:
    names = ("subject", "bodyPreview", "importance", "showAs", "reminderMinutesBeforeStart")
    return {
        **dict.fromkeys(names, ""),
        "location": {"displayName": ""},
        "start": {"dateTime": ""},
        "attendees": [],
        "categories": [],
        "isReminderOn": True,
    }
