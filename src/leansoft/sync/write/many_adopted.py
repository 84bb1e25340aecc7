"""Links many events that both calendars hold alike, as after a new start: nothing comes in, and
only the base learns what each side holds. Whatever differs is left to `settle_event`."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from leansoft.events.normalise import same
from leansoft.kit.rows import update_rows
from leansoft.reconcile.actions import Adopt
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.homes import home_moves
from leansoft.sync.state.html import own_html
from leansoft.sync.state.load import Subject, load_many
from leansoft.sync.state.trees import agree, base_of, forget_void
from leansoft.sync.write import journal
from leansoft.sync.write.apply import plan_of
from leansoft.sync.write.create_here import sight
from leansoft.sync.write.here import hold_unchanged

CHANGED = ["state", "incarnation", "epoch", "base", "planned_version", "remote_changed"]


@transaction.atomic
def link_what_is_alike(run: SyncRun, keys: Sequence[int]) -> list[int]:
    """Answers the links that are left to settle."""
    met = EventLink.objects.filter(
        pk__in=keys, base__isnull=True, event__isnull=False, event__rrule="", remote__here=True
    )
    subjects = load_many(run.mailbox, list(met.order_by("pk").values_list("pk", flat=True)))
    planned = [(subject, action) for subject in subjects if (action := _adoption(subject))]
    unchanged = hold_unchanged([subject for subject, _ in planned])
    planned = [one for one in planned if one[0].link.pk in unchanged]
    journal.record_all(run, planned)
    settled = {subject.link.pk for subject, action in planned if _agree(subject, action)}
    update_rows((subject.link for subject, _ in planned), CHANGED)
    return [key for key in keys if key not in settled]


def _adoption(subject: Subject) -> Adopt | None:
    """The whole plan, where it changes nothing in the event."""
    event, local, seen = subject.event, subject.triple.local, sight(subject)
    assert event is not None
    assert local is not None
    action, *others = plan_of(subject) or [None]
    if others or not isinstance(action, Adopt):
        return None
    alike = all(f in local.values and same(f, v, local.values[f]) for f, v in action.values.items())
    known = seen.ical_uid is None or seen.ical_uid in event.ical_uids
    shown = event.description_html == own_html(seen)
    stays = alike and known and shown and subject.person is not None
    return action if stays and not home_moves(subject) else None


def _agree(subject: Subject, action: Adopt) -> bool:
    """Whether that was all there is to do."""
    event, link = subject.event, subject.link
    local, remote = subject.triple.local, subject.triple.remote
    assert event is not None
    assert local is not None
    assert remote is not None
    forget_void(link)
    agree(link, action.values, local.values, remote.values)
    link.state, link.incarnation = EventLink.State.LIVE, event.incarnation
    settled = not plan_of(replace(subject, triple=replace(subject.triple, base=base_of(link))))
    if settled:
        link.planned_version, link.remote_changed = subject.version, False
    return settled
