"""Carries the same action out for many events at once, where that is all their plans say.

Each plan is made for its event alone, as anywhere. What is asked and written for many at a time
costs a fraction; everything else is left to `settle_event`, one by one.
"""

from collections.abc import Sequence

from django.db import transaction

from leansoft.kit.rows import update_rows
from leansoft.reconcile.actions import CreateHere
from leansoft.sync.models import SyncRun
from leansoft.sync.read.fold import lock_uids
from leansoft.sync.read.match import strangers
from leansoft.sync.state.load import Subject, load_many, new_there
from leansoft.sync.write.apply import plan_of
from leansoft.sync.write.create_here import Created, create_here, sight

CHANGED = ["event", "incarnation", "epoch", "base", "planned_version", "remote_changed"]


@transaction.atomic
def let_new_ones_in(run: SyncRun, keys: Sequence[int]) -> list[int]:
    """Creates the events that are new in Outlook. Answers the links that are left to settle."""
    new = new_there(run.mailbox, among=keys)
    if len(new) < 2:
        return list(keys)
    planned = _planned(load_many(run.mailbox, sorted(new)))
    settled = _settle(create_here(run, planned)) if planned else set()
    return [key for key in keys if key not in settled]


def _planned(subjects: Sequence[Subject]) -> list[Created]:
    """Those that only come in and surely belong to no row, also after waiting for whoever makes
    one at this moment; of two copies of one meeting the first."""
    lock_uids(uid for subject in subjects if (uid := sight(subject).ical_uid))
    unknown = strangers(subjects[0].mailbox, [sight(subject) for subject in subjects])
    found: list[Created] = []
    taken: set[str | None] = set()
    for subject in subjects:
        seen, plan = sight(subject), plan_of(subject)
        if seen.id not in unknown or (seen.ical_uid and seen.ical_uid in taken):
            continue
        if len(plan) == 1 and isinstance(plan[0], CreateHere):
            found.append((subject, plan[0]))
            taken.add(seen.ical_uid)
    return found


def _settle(subjects: Sequence[Subject]) -> set[int]:
    """Saves the links; those whose next plan is empty are planned."""
    settled = set()
    for subject in subjects:
        if not plan_of(subject):
            subject.link.planned_version, subject.link.remote_changed = subject.version, False
            settled.add(subject.link.pk)
    update_rows((subject.link for subject in subjects), CHANGED)
    return settled
