"""Random small calendars on both sides, random choices: what the first sync does is what its
preview said, event by event and mail by mail."""

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain import dates as here
from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.domain.events import respond
from leansoft.calendars.models import Event
from leansoft.events.fields import Field, Response, Value
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import preview, start_sync
from leansoft.sync.run import execute
from leansoft.sync.show.report import run_report
from support.company import Company, required
from support.outlook import people
from support.sides import ANA, OLGA, done_by, lines_of, new_mails

BO = "bo@elsewhere.org"
PATTERN = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
RULES = ["FREQ=WEEKLY;BYDAY=MO;COUNT=4", "FREQ=DAILY;COUNT=3", "FREQ=HOURLY;COUNT=3"]
"""The last one is beyond Outlook."""
SEEDS = [int(seed) for seed in os.environ.get("PREVIEW_SEEDS", "").split()] or range(12)
"""Others by hand: `PREVIEW_SEEDS="100 101" pytest …`."""


class Calendars:
    """One seed's world: Alice's calendar here, and the one in her Outlook."""

    def __init__(self, company: Company, alice: User, bob: User, seed: int) -> None:
        self.company, self.alice, self.bob = company, alice, bob
        self.random = random.Random(seed)
        for address in (alice.email, bob.email, OLGA):
            company.sandbox.add_account(address)
        self.outlook = company.outlook(alice)
        for number in range(self.random.randrange(1, 6)):
            self._here(f"Here {number}")
        for number in range(self.random.randrange(1, 6)):
            self._there(f"There {number}")

    def _here(self, subject: str) -> None:
        year, day = self.random.choice([2020, 2030]), self.random.choice([4, 11, 18])
        series = self.random.random() < 0.5
        when = _when(year, day, self.random.choice(RULES) if series else "")
        event = self.company.create(self.alice, subject, *self._people(), when=when)
        if self.random.random() < 0.5 and event.participants.filter(user=self.bob).exists():
            respond(event, by=self.bob, response=Response.ACCEPTED, now=clock.now())
        if event.is_series:
            for _ in range(self.random.randrange(3)):
                self._change_date(event)
        if self.random.random() < 0.4:
            # The same, typed twice.
            self._make_there(subject, year, day, series=series)
        if self.random.random() < 0.2:
            Event.objects.filter(pk=event.pk).update(archived_at=clock.now())

    def _people(self) -> list[str]:
        return self.random.sample([ANA, BO, self.bob.email], self.random.randrange(3))

    def _change_date(self, event: Event) -> None:
        day = self.random.choice([event.starts_at.date(), *event.excluded])
        change: dict[Field, Value] = self.random.choice(
            [
                {Field.SUBJECT: "Another name"},
                {Field.LOCATION: "Room 2"},
                {Field.ATTENDEES: required(*self._people())},
            ]
        )
        try:
            if self.random.random() < 0.3:
                here.delete_occurrence(event, day, by=self.alice, now=clock.now())
            else:
                here.edit_occurrence(event, day, by=self.alice, values=change, now=clock.now())
        except CalendarError:
            return
        event.refresh_from_db()
        if event.participants.filter(user=self.bob).exists() and self.random.random() < 0.5:
            self._answer_date(event, day)

    def _answer_date(self, event: Event, day: date) -> None:
        answer = self.random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED])
        with suppress(CalendarError):
            here.respond_on(event, day, by=self.bob, response=answer, now=clock.now())

    def _there(self, subject: str) -> None:
        year, day = self.random.choice([2020, 2030]), self.random.choice([4, 11, 18])
        if self.random.random() < 0.3:
            olga = self.company.sandbox.person(OLGA)
            olga.create(subject, attendees=people(self.alice.email, ANA))
            return
        self._make_there(subject, year, day, series=self.random.random() < 0.4)

    def _make_there(self, subject: str, year: int, day: int, *, series: bool) -> None:
        times = {
            edge: {"dateTime": f"{year}-03-{day:02}T{hour}:00:00", "timeZone": "Europe/Paris"}
            for edge, hour in (("start", "09"), ("end", "10"))
        }
        more: dict[str, Any] = {"attendees": people(*self._people())}
        if series:
            reach: dict[str, Any] = {"type": "numbered", "startDate": f"{year}-03-{day:02}"}
            reach |= {"numberOfOccurrences": 4}
            more["recurrence"] = {"pattern": PATTERN, "range": reach}
        made = self.outlook.create(subject, **times, **more)
        if series and self.random.random() < 0.6:
            self._change_date_there(made["id"], year)

    def _change_date_there(self, series: str, year: int) -> None:
        window = f"startDateTime={year}-03-01T00:00:00Z&endDateTime={year}-05-01T00:00:00Z"
        found = self.outlook.ask("GET", f"/me/events/{series}/instances?{window}&$top=50")["value"]
        one = self.random.choice(found)
        if self.random.random() < 0.5:
            self.outlook.ask("DELETE", f"/me/events/{one['id']}")
        else:
            self.outlook.ask("PATCH", f"/me/events/{one['id']}", {"subject": "Otherwise there"})


def _when(year: int, day: int, rule: str) -> dict[str, Any]:
    start, end = f"{year}-03-{day:02}T08:00:00Z", f"{year}-03-{day:02}T09:00:00Z"
    single = {"start": start, "end": end, "zone": "Europe/Paris", "all_day": False}
    return {**single, "rrule": rule} if rule else single


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_done_is_what_was_previewed(
    company: Company, alice: User, bob: User, seed: int
) -> None:
    calendars = Calendars(company, alice, bob, seed)
    choices = {
        "existing": calendars.random.choice(["push", "push", "push", "keep_local"]),
        "invitations": calendars.random.choice(["send", "send", "quiet"]),
        "past": calendars.random.choice(["quiet", "keep_local"]),
    }
    before = company.sandbox.mails()
    mailbox = company.connect(alice)
    # Another choice was looked at before.
    preview(mailbox, existing="push", invitations="send", past="quiet")
    shown = preview(mailbox, **choices)
    assert company.sandbox.mails() == before

    run = start_sync(mailbox, **choices, previewed=shown["fingerprint"])
    execute(run)

    assert run.state == SyncRun.State.DONE, run_report(run)
    assert run.errors == []
    assert done_by(run) == lines_of(shown), choices
    report = run_report(run)
    assert {k: report[k] for k in ("pulled", "pushed")} == {
        k: shown[k] for k in ("pulled", "pushed")
    }
    sent = Counter((to, kind) for to, kind, _ in new_mails(company, before))
    will = Counter((m["to"], m["kind"]) for m in shown["mails"] if m["certain"])
    may = Counter((m["to"], m["kind"]) for m in shown["mails"])
    assert will - sent == Counter(), "foreseen, and not sent"
    assert sent - may == Counter(), "sent, and not foreseen"
    again = company.sync(alice)
    assert done_by(again) == []
