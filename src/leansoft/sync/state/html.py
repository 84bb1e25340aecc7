"""A description's HTML, as it comes in: kept beside the text that it says, and only for reading."""

from leansoft.calendars.domain.incoming import accept_html
from leansoft.events.fields import Field, Role
from leansoft.events.normalise import same, without_quiet_block
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.markup import html_without_meeting_block
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import is_here, remote_event


def own_html(seen: RemoteEvent) -> str:
    """What a person wrote: without the join text, which the event has as a field of its own.

    Empty when names of quiet people stand in it, which are shown as people.
    """
    body = seen.values.get(Field.BODY, "")
    if not seen.html or without_quiet_block(body) != body:
        return ""
    if seen.values.get(Field.ONLINE_MEETING):
        return html_without_meeting_block(seen.html)
    return seen.html


def follow_html(subject: Subject) -> None:
    """Both sides say the same in the description: its looks are Outlook's, where it is at home."""
    event, seen = subject.event, remote_event(subject.link)
    if event is None or seen is None or not is_here(subject.link):
        return
    if subject.triple.role is not Role.ORGANIZER or Field.BODY not in seen.values:
        return
    html = own_html(seen)
    if html != event.description_html and same(
        Field.BODY, event.description, seen.values[Field.BODY]
    ):
        accept_html(event, html)
