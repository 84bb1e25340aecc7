"""New events of Outlook come into Leansoft: one, or many in one transaction."""

from collections.abc import Sequence

from leansoft.calendars.domain.incoming_new import Copy, create_incoming
from leansoft.events.fields import Field, Values
from leansoft.events.normalise import own_text
from leansoft.graph.codec import RemoteEvent
from leansoft.reconcile.actions import CreateHere
from leansoft.sync import journal
from leansoft.sync.load import Subject, load_many
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.trees import agree, remote_event

Created = tuple[Subject, CreateHere]


def create_here(run: SyncRun, planned: Sequence[Created]) -> list[Subject]:
    """Makes a row for each of these copies of one mailbox; answers what they are about then.

    The caller has seen to it that no row knows them, in the same transaction.
    """
    events = create_incoming([_copy(subject, action) for subject, action in planned])
    journal.record_created(run, planned, events)
    links = [subject.link for subject, _ in planned]
    for link, event in zip(links, events, strict=True):
        link.event, link.incarnation, link.epoch = event, event.incarnation, event.epoch
    EventLink.objects.bulk_update(links, ["event", "incarnation", "epoch"])
    fresh = load_many(run.mailbox, [link.pk for link in links])
    for subject, (_, action) in zip(fresh, planned, strict=True):
        local, remote = subject.triple.local, subject.triple.remote
        assert local is not None
        assert remote is not None
        agree(subject.link, action.values, local.values, remote.values)
    EventLink.objects.bulk_update([subject.link for subject in fresh], ["base"])
    return fresh


def _copy(subject: Subject, action: CreateHere) -> Copy:
    seen = sight(subject)
    return Copy(
        user=subject.mailbox.user,
        account=subject.mailbox.account,
        is_organizer=seen.is_organizer,
        organizer=seen.organizer,
        ical_uid=seen.ical_uid,
        values=readable(action.values),
        html=seen.html,
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
