"""What an invitation to one date of a series alone does in Leansoft: the guest's own fields of that
date come in, or the date leaves their calendar."""

from datetime import datetime

from leansoft.calendars.domain.incoming_dates import accept_date, remove_date, restore_date
from leansoft.reconcile.actions import Adopt, RemoveHere, RestoreHere, UpdateHere
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import Subject
from leansoft.sync.write.agreement import agree_on_what_is_held

GUEST_ACTIONS = (Adopt, UpdateHere, RestoreHere, RemoveHere)


def write_guest_here(
    subject: Subject, action: Adopt | UpdateHere | RestoreHere | RemoveHere, *, now: datetime
) -> None:
    event, person, day = subject.event, subject.person, subject.link.date
    assert event is not None
    assert person is not None
    assert day is not None
    link = subject.link
    if isinstance(action, RemoveHere):
        remove_date(event, person, day, now=now)
        link.state, link.intent = EventLink.State.GONE, None
        link.save()
        return
    if isinstance(action, RestoreHere):
        restore_date(event, person, day)
    accept_date(event, person, day, action.values)
    link.state = EventLink.State.LIVE
    link.save()
    agree_on_what_is_held(subject, action.values)
