"""Values that people fill in, drawn by chance; in our words and in Graph's."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from convergence.steps import EVERYBODY, USERS
from leansoft.events.fields import Field, Value

ZONES = ("Europe/Paris", "America/New_York", "UTC")
WEIGHTS = {
    Field.SUBJECT: 10, Field.LOCATION: 5, Field.BODY: 2, Field.WHEN: 2, Field.IMPORTANCE: 1,
    Field.SENSITIVITY: 1,
}  # fmt: skip
"""Few fields and few words, so that people change the same thing, and change it back."""
FIRST_DAY = datetime(2030, 1, 1, tzinfo=UTC)
DAYS = (-400, 3, 20, 40, 100, 200, 500, 900)
"""After the first of January 2030: in the delta's window, before and after it."""
WORDS = ("tea", "plan", "review", "lunch")
PLACES = ("", "Room 1", "Garden", "Paris / Lyon")


def shared(random: Random, label: str, *, count: int) -> dict[Field, Value]:
    """Some content."""
    drawn: dict[Field, Value] = {
        Field.SUBJECT: f"{label} {random.choice(WORDS)}",
        Field.BODY: random.choice(["", "Agenda", "First line\n\nSecond  line", "a < b & c"]),
        Field.LOCATION: random.choice(PLACES),
        Field.WHEN: when(random),
        Field.IMPORTANCE: random.choice(["low", "normal", "high"]),
        Field.SENSITIVITY: random.choice(["normal", "normal", "private", "confidential"]),
    }
    chosen = random.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=count)
    return {f: drawn[f] for f in chosen}


def own(random: Random) -> dict[Field, Value]:
    drawn: dict[Field, Value] = {
        Field.SHOW_AS: random.choice(["free", "busy", "oof", "tentative", "working_elsewhere"]),
        Field.REMINDER: random.choice(["off", 0, 10, 60]),
        Field.CATEGORIES: random.choice([[], ["Red"], ["Red", "Blue"]]),
    }
    return {f: drawn[f] for f in random.sample(list(drawn), random.choice([1, 1, 2]))}


def when(random: Random) -> Value:
    start = FIRST_DAY + timedelta(days=random.choice(DAYS))
    if random.random() < 0.25:
        end = start + timedelta(days=random.choice([1, 2]))
        days = {"start": start.date().isoformat(), "end": end.date().isoformat()}
        return {**days, "zone": None, "all_day": True}
    start += timedelta(hours=random.choice([8, 14, 23]))
    end = start + timedelta(hours=random.choice([1, 3]))
    return {
        "start": _instant(start),
        "end": _instant(end),
        "zone": random.choice(ZONES),
        "all_day": False,
    }


def people(random: Random, *, but: str) -> list[dict[str, Any]]:
    """Some people; one may have a name only, so that Outlook never hears of them."""
    chosen = [e for e in EVERYBODY if e != but and random.random() < (0.8 if e in USERS else 0.3)]
    found: list[dict[str, Any]] = [
        {"email": e, "name": "", "type": random.choice(["required", "optional"])}
        for e in sorted(chosen)
    ]
    if random.random() < 0.15:
        found.append({"email": None, "name": "Zoe", "type": "required"})
    return found


def changed_people(
    random: Random, present: list[dict[str, Any]], *, but: str
) -> list[dict[str, Any]]:
    """Somebody more, or less, or another list altogether."""
    if random.random() < 0.3:
        return people(random, but=but)
    email = random.choice([email for email in EVERYBODY if email != but])
    others = [person for person in present if person["email"] != email]
    if len(others) < len(present):
        return others
    return [*others, {"email": email, "name": "", "type": "required"}]


def to_graph(values: dict[Field, Value]) -> dict[str, Any]:
    """As Outlook's own client would write them."""
    sent: dict[str, Any] = {}
    for name, value in values.items():
        match name:
            case Field.SUBJECT | Field.IMPORTANCE | Field.SENSITIVITY:
                sent[str(name)] = value
            case Field.BODY:
                sent["body"] = {"contentType": "text", "content": value}
            case Field.LOCATION:
                sent["location"] = {"displayName": value}
            case Field.WHEN:
                sent |= _when_to_graph(value)
            case Field.SHOW_AS:
                sent["showAs"] = {"working_elsewhere": "workingElsewhere"}.get(value, value)
            case Field.REMINDER:
                minutes = {} if value == "off" else {"reminderMinutesBeforeStart": value}
                sent |= {"isReminderOn": value != "off", **minutes}
            case Field.CATEGORIES:
                sent["categories"] = value
            case Field.ATTENDEES:
                sent["attendees"] = [_attendee(person) for person in value if person["email"]]
    return sent


def _when_to_graph(value: Value) -> dict[str, Any]:
    zone = "UTC"
    return {
        "isAllDay": value["all_day"],
        **{
            edge: {"dateTime": f"{value[edge].removesuffix('Z')[:10]}T00:00:00", "timeZone": zone}
            if value["all_day"]
            else {"dateTime": value[edge].removesuffix("Z"), "timeZone": zone}
            for edge in ("start", "end")
        },
    }


def _attendee(person: dict[str, Any]) -> dict[str, Any]:
    address = {"address": person["email"], "name": person["name"] or person["email"]}
    return {"emailAddress": address, "type": person["type"]}


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
