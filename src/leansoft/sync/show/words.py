"""What things are called in a sentence."""

from collections.abc import Iterable, Mapping

from leansoft.events.fields import Field

NAMES: Mapping[Field, str] = {
    Field.SUBJECT: "subject",
    Field.BODY: "description",
    Field.LOCATION: "place",
    Field.WHEN: "time",
    Field.IMPORTANCE: "importance",
    Field.SENSITIVITY: "privacy",
    Field.ATTENDEES: "people",
    Field.ONLINE_MEETING: "online meeting",
    Field.ONLINE_MEETING_URL: "join link",
    Field.TALLY: "answers",
    Field.PROPOSALS: "proposed times",
    Field.SHOW_AS: "availability",
    Field.REMINDER: "reminder",
    Field.CATEGORIES: "categories",
    Field.RESPONSE: "own answer",
}


def listed(words: Iterable[str]) -> str:
    """ "Ana, Bo and Chi"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
