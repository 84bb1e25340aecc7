"""What people do to a series, here and in Outlook, in a random history."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from leansoft.accounts.models import User
from leansoft.calendars.domain import dates as here
from leansoft.calendars.domain import events as whole
from leansoft.calendars.domain import series as following
from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.models import Event
from leansoft.calendars.values import when_value
from leansoft.events.fields import Field, Response, Value
from leansoft.events.recurrence import slot
from leansoft.events.slots import instant_text
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import EventLink
from leansoft.sync.preview.start import start_sync
from leansoft.sync.run import execute
from support.company import required
from support.outlook import people
from support.series_history import ANA, RULES, History, Nothing

EDGES = ("start", "end")


def later(when: Value, hours: int) -> Value:
    """By a day, when it takes whole days."""
    if when["all_day"]:
        edges = {edge: date.fromisoformat(when[edge]) for edge in ("start", "end")}
        return {**when, **{edge: str(day + timedelta(days=1)) for edge, day in edges.items()}}
    moments = {edge: datetime.fromisoformat(when[edge]) for edge in ("start", "end")}
    by = timedelta(hours=hours)
    return {**when, **{edge: instant_text(moment + by) for edge, moment in moments.items()}}


def rename_here(h: History) -> None:
    whole.edit_event(h.series(), by=h.alice, values={Field.SUBJECT: next(h.names)}, now=clock.now())


def describe_here(h: History) -> None:
    values = {Field.LOCATION: next(h.names), Field.BODY: next(h.names)}
    whole.edit_event(h.series(), by=h.alice, values=values, now=clock.now())


def rename_date_here(h: History) -> None:
    event = h.series()
    values = {Field.SUBJECT: next(h.names)}
    here.edit_occurrence(event, h.day(event), by=h.alice, values=values, now=clock.now())


def same_again_here(h: History) -> None:
    """A date is as the series again."""
    event = h.series()
    values = {Field.SUBJECT: event.subject}
    here.edit_occurrence(event, h.day(event), by=h.alice, values=values, now=clock.now())


def move_date_here(h: History) -> None:
    event = h.series()
    day = h.day(event)
    values = {Field.WHEN: later(slot(when_value(event), day), h.random.randint(1, 5))}
    here.edit_occurrence(event, day, by=h.alice, values=values, now=clock.now())


def delete_date_here(h: History) -> None:
    event = h.series()
    here.delete_occurrence(event, h.day(event), by=h.alice, now=clock.now())


def retime_here(h: History) -> None:
    event = h.series()
    values = {Field.WHEN: later(when_value(event), h.random.choice([1, 2]))}
    whole.edit_event(event, by=h.alice, values=values, now=clock.now())


def longer_here(h: History) -> None:
    event = h.series()
    rule = event.rrule.rsplit("COUNT=", 1)[0] + f"COUNT={h.random.randint(2, 7)}"
    values = {Field.WHEN: {**when_value(event), "rrule": rule}}
    whole.edit_event(event, by=h.alice, values=values, now=clock.now())


def another_rule_here(h: History) -> None:
    event = h.series()
    values = {Field.WHEN: {**when_value(event), "rrule": h.random.choice(RULES)}}
    whole.edit_event(event, by=h.alice, values=values, now=clock.now())


def split_here(h: History) -> None:
    event = h.series()
    day = h.day(event)
    values = {Field.SUBJECT: next(h.names)}
    following.split_series(event, day, by=h.alice, values=values, now=clock.now())


def end_here(h: History) -> None:
    event = h.series()
    following.end_series(event, h.day(event), by=h.alice, now=clock.now())


def single_here(h: History) -> None:
    event = h.series()
    when = {name: v for name, v in when_value(event).items() if name != "rrule"}
    whole.edit_event(event, by=h.alice, values={Field.WHEN: when}, now=clock.now())


def invite_here(h: History) -> None:
    invited = required(*h.random.choice([[h.bob.email], [ANA], [h.bob.email, ANA], []]))
    values = {Field.ATTENDEES: invited}
    whole.edit_event(h.series(), by=h.alice, values=values, now=clock.now())


def invite_to_date_here(h: History) -> None:
    event = h.series()
    invited = required(*h.random.choice([[ANA], [h.bob.email, ANA], []]))
    values = {Field.ATTENDEES: invited}
    here.edit_occurrence(event, h.day(event), by=h.alice, values=values, now=clock.now())


def answer_date_here(h: History) -> None:
    event = h.series()
    answer = h.random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED])
    here.respond_on(event, h.day(event), by=h.bob, response=answer, now=clock.now())


def answer_here(h: History) -> None:
    whole.respond(h.series(), by=h.bob, response=Response.ACCEPTED, now=clock.now())


def show_as_here(h: History) -> None:
    event, user = h.series(), h.random.choice([h.alice, h.bob])
    values = {Field.SHOW_AS: h.random.choice(["free", "oof", "tentative"])}
    here.edit_occurrence(event, h.day(event), by=user, values=values, now=clock.now())


def leave_date_here(h: History) -> None:
    event = h.series()
    here.delete_occurrence(event, h.day(event), by=h.bob, now=clock.now())


def archive_here(h: History) -> None:
    if h.random.random() < 0.3:
        whole.archive_event(h.series(), by=h.alice, now=clock.now())


def unarchive_here(h: History) -> None:
    found = list(Event.objects.exclude(archived_at=None).exclude(rrule="").order_by("pk"))
    if not found:
        raise Nothing
    whole.unarchive_event(h.random.choice(found), by=h.alice)


def _patch(h: History, user: User, found: dict[str, Any], change: dict[str, Any]) -> None:
    h.tell(f"  {user.name} patches {found['type']} {found['start']['dateTime'][:16]} {change}")
    h.outlooks[user.pk].ask("PATCH", f"/me/events/{found['id']}", change)


def rename_there(h: History) -> None:
    _patch(h, h.alice, h.master(h.outlooks[h.alice.pk]), {"subject": next(h.names)})


def rename_date_there(h: History) -> None:
    _patch(h, h.alice, h.instance(h.outlooks[h.alice.pk]), {"subject": next(h.names)})


def move_date_there(h: History) -> None:
    found = h.instance(h.outlooks[h.alice.pk])
    _patch(h, h.alice, found, _shifted(found, h.random.randint(1, 5)))


def retime_there(h: History) -> None:
    found = h.master(h.outlooks[h.alice.pk])
    _patch(h, h.alice, found, {**_in_paris(found), "recurrence": found["recurrence"]})


def _shifted(found: dict[str, Any], hours: int) -> dict[str, Any]:
    by = timedelta(days=1) if found["isAllDay"] else timedelta(hours=hours)
    edges = {edge: datetime.fromisoformat(found[edge]["dateTime"][:19]) for edge in EDGES}
    return {
        edge: {"dateTime": (moment + by).isoformat(), "timeZone": "UTC"}
        for edge, moment in edges.items()
    }


def _in_paris(found: dict[str, Any]) -> dict[str, Any]:
    day = found["recurrence"]["range"]["startDate"]
    return {
        "start": {"dateTime": f"{day}T13:00:00", "timeZone": "Europe/Paris"},
        "end": {"dateTime": f"{day}T14:00:00", "timeZone": "Europe/Paris"},
    }


def shorter_there(h: History) -> None:
    found = h.master(h.outlooks[h.alice.pk])
    reach = {**found["recurrence"]["range"], "type": "numbered"}
    reach["numberOfOccurrences"] = h.random.randint(2, 6)
    reach.pop("endDate", None)
    change = {"recurrence": {"pattern": found["recurrence"]["pattern"], "range": reach}}
    _patch(h, h.alice, found, change)


def split_there(h: History) -> None:
    """Outlook ends the series, and makes another."""
    outlook = h.outlooks[h.alice.pk]
    found, instance = h.master(outlook), h.instance(outlook)
    day = date.fromisoformat(instance["start"]["dateTime"][:10])
    pattern, reach = found["recurrence"]["pattern"], found["recurrence"]["range"]
    end = {"type": "endDate", "startDate": reach["startDate"], "endDate": str(day - timedelta(1))}
    _patch(h, h.alice, found, {"recurrence": {"pattern": pattern, "range": end}})
    rest = {"type": "numbered", "startDate": str(day), "numberOfOccurrences": 3}
    times = {edge: {**instance[edge], "timeZone": "UTC"} for edge in EDGES}
    fields = {"isAllDay": found["isAllDay"], "attendees": found["attendees"], **times}
    outlook.create(next(h.names), recurrence={"pattern": pattern, "range": rest}, **fields)


def split_on_both(h: History) -> None:
    split_here(h)
    split_there(h)


def rule_on_both(h: History) -> None:
    h.random.choice([another_rule_here, retime_here, longer_here])(h)
    h.random.choice([retime_there, shorter_there])(h)


def delete_date_there(h: History) -> None:
    outlook = h.outlooks[h.random.choice([h.alice, h.alice, h.bob]).pk]
    outlook.ask("DELETE", f"/me/events/{h.instance(outlook)['id']}")


def invite_there(h: History) -> None:
    invited = people(*h.random.choice([[h.bob.email], [ANA], [h.bob.email, ANA]]))
    _patch(h, h.alice, h.master(h.outlooks[h.alice.pk]), {"attendees": invited})


def invite_to_date_there(h: History) -> None:
    invited = people(*h.random.choice([[ANA], [h.bob.email, ANA], []]))
    _patch(h, h.alice, h.instance(h.outlooks[h.alice.pk]), {"attendees": invited})


def answer_date_there(h: History) -> None:
    outlook = h.random.choice([h.outlooks[h.bob.pk], h.ana])
    verb = h.random.choice(["accept", "tentativelyAccept", "decline"])
    outlook.ask("POST", f"/me/events/{h.instance(outlook)['id']}/{verb}", {})


def answer_there(h: History) -> None:
    outlook = h.random.choice([h.outlooks[h.bob.pk], h.ana])
    outlook.ask("POST", f"/me/events/{h.master(outlook)['id']}/accept", {})


def show_as_there(h: History) -> None:
    user = h.random.choice([h.alice, h.bob])
    found = h.instance(h.outlooks[user.pk])
    _patch(h, user, found, {"showAs": h.random.choice(["free", "oof", "workingElsewhere"])})


def delete_there(h: History) -> None:
    if h.random.random() < 0.3:
        user = h.random.choice([h.alice, h.bob])
        outlook = h.outlooks[user.pk]
        found = h.master(outlook)
        # A copy that is deleted before Leansoft saw it looks like one that is still to come.
        links = EventLink.objects.filter(mailbox__user=user)
        if links.filter(event__ical_uids__contains=[found["iCalUId"]]).exists():
            outlook.ask("DELETE", f"/me/events/{found['id']}")


def away(h: History) -> None:
    """Somebody is disconnected for a while."""
    user = h.random.choice([h.alice, h.bob])
    h.tell(f"  {user.name} leaves")
    disconnect(h.company.mailbox(user))
    for act in h.random.choices(ACTS, k=2):
        h.tell(f"  {act.__name__}")
        with suppress(CalendarError, Nothing, httpx.HTTPError, AssertionError):
            act(h)
    start_sync(h.company.connect(user), existing="push", invitations="send")
    h.sync(user)


def start_again(h: History) -> None:
    user = h.random.choice([h.alice, h.bob])
    execute(start_over(h.company.mailbox(user), existing=Existing.LEAVE, following=Next.ALL))
    h.sync(user)


ACTS: list[Callable[[History], None]] = [
    rename_here, describe_here, rename_date_here, rename_date_here, same_again_here,
    move_date_here, move_date_here, delete_date_here, retime_here, longer_here, another_rule_here,
    split_here, end_here, single_here, invite_here, invite_to_date_here, answer_date_here,
    answer_date_here, answer_here, show_as_here, leave_date_here, archive_here, unarchive_here,
    unarchive_here, rename_there,
    rename_date_there, rename_date_there, move_date_there, move_date_there, retime_there,
    shorter_there, delete_date_there, delete_date_there, invite_there, answer_date_there,
    answer_date_there, answer_there, show_as_there, delete_there, split_there, split_on_both,
    rule_on_both, rule_on_both, invite_to_date_there,
]  # fmt: skip
LONGER: list[Callable[[History], None]] = [away, start_again]
"""Acts with rounds of their own."""
