"""New events of Outlook come into Leansoft: one, or many in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from leansoft.calendars.domain.incoming_new import Copy, create_incoming
from leansoft.calendars.models import Event
from leansoft.calendars.values import remember
from leansoft.events.fields import Field, Values
from leansoft.events.normalise import own_text
from leansoft.graph.codec import RemoteEvent
from leansoft.reconcile.actions import CreateHere
from leansoft.sync.models import SyncRun
from leansoft.sync.state.html import own_html
from leansoft.sync.state.load import Subject, subject_of
from leansoft.sync.state.trees import agree, base_of, remote_event
from leansoft.sync.write import journal

Created = tuple[Subject, CreateHere]


def create_here(run: SyncRun, planned: Sequence[Created]) -> list[Subject]:
    """Makes a row for each of these copies of one mailbox; answers what they are about then.

    The caller has seen to it that no row knows them, in the same transaction, and saves the links.
    """
    events = create_incoming([_copy(subject, action) for subject, action in planned])
    journal.record_created(run, planned, events)
    return [
        _join(subject, action, event)
        for (subject, action), event in zip(planned, events, strict=True)
    ]


def _join(subject: Subject, action: CreateHere, event: Event) -> Subject:
    link = subject.link
    link.event, link.incarnation, link.epoch = event, event.incarnation, event.epoch
    remember(event, links=[link])
    fresh = subject_of(subject.mailbox, link)
    local, remote = fresh.triple.local, fresh.triple.remote
    assert local is not None
    assert remote is not None
    agree(link, action.values, local.values, remote.values)
    return replace(fresh, triple=replace(fresh.triple, base=base_of(link)))


def _copy(subject: Subject, action: CreateHere) -> Copy:
    seen = sight(subject)
    return Copy(
        user=subject.mailbox.user,
        account=subject.mailbox.account,
        is_organizer=seen.is_organizer,
        organizer=seen.organizer,
        ical_uid=seen.ical_uid,
        values=readable(action.values),
        html=own_html(seen),
    )


def sight(subject: Subject) -> RemoteEvent:
    """What Outlook shows of it."""
    seen = remote_event(subject.link)
    assert seen is not None
    return seen


def readable(values: Values) -> Values:
    """Bodies without what Outlook and we ourselves put around the person's own words."""
    if Field.BODY not in values:
        return values
    return {**values, Field.BODY: own_text(values[Field.BODY])}
