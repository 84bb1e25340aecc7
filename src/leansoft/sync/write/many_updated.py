"""Takes the changes of many single events in, where that is all their plans say and nothing of ours
is lost. Whatever else there is to do is left to `settle_event`."""

from collections.abc import Sequence

from django.db import transaction

from leansoft.events.fields import Field
from leansoft.kit.rows import update_rows
from leansoft.reconcile.actions import UpdateHere
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.homes import home_moves
from leansoft.sync.state.html import follow_html
from leansoft.sync.state.load import Subject, load_many, subject_of
from leansoft.sync.write import journal
from leansoft.sync.write.agreement import agree_anew
from leansoft.sync.write.apply import plan_of
from leansoft.sync.write.here import from_outlook, hold_unchanged, take_in

CHANGED = ["epoch", "base", "planned_version", "remote_changed"]


@transaction.atomic
def take_changes_in(run: SyncRun, keys: Sequence[int]) -> list[int]:
    """Answers the links that are left to settle."""
    planned = [(subject, action) for subject in _changed(run, keys) if (action := _update(subject))]
    unchanged = hold_unchanged([subject for subject, _ in planned])
    planned = [one for one in planned if one[0].link.pk in unchanged]
    journal.record_all(run, planned)
    for subject, action in planned:
        take_in(subject, action.values)
    before = {subject.link.pk: (subject, action) for subject, action in planned}
    after = load_many(run.mailbox, list(before))
    settled = {fresh.link.pk for fresh in after if _agree(fresh, *before[fresh.link.pk])}
    update_rows((fresh.link for fresh in after), CHANGED)
    return [key for key in keys if key not in settled]


def _changed(run: SyncRun, keys: Sequence[int]) -> list[Subject]:
    links = EventLink.objects.filter(
        pk__in=keys,
        state=EventLink.State.LIVE,
        date=None,
        event__isnull=False,
        event__rrule="",
        base__isnull=False,
        remote__here=True,
        remote_changed=True,
        intent__isnull=True,
        refusal__isnull=True,
        refused_dates={},
    )
    return load_many(run.mailbox, list(links.order_by("pk").values_list("pk", flat=True)))


def _update(subject: Subject) -> UpdateHere | None:
    """The whole plan, where it is about a single event and brings it Outlook's values."""
    action, *others = plan_of(subject) or [None]
    if others or not isinstance(action, UpdateHere) or action.lost:
        return None
    becomes_series = bool(action.values.get(Field.WHEN, {}).get("rrule"))
    stays = subject.person is not None and not becomes_series
    return action if stays and not home_moves(subject) else None


def _agree(fresh: Subject, before: Subject, action: UpdateHere) -> bool:
    """Whether that was all there is to do."""
    link, held = fresh.link, from_outlook(before, action.values)
    agree_anew(fresh, held, merged=frozenset(action.values) - held)
    agreed = subject_of(fresh.mailbox, link)
    if plan_of(agreed):
        return False
    follow_html(agreed)
    link.planned_version, link.remote_changed = agreed.version, False
    return True
