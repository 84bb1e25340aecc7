"""After something has come in: the base learns what each side holds now."""

from collections.abc import Iterable, Mapping
from datetime import date

from leansoft.events.fields import Field
from leansoft.reconcile.snapshot import DateTriple
from leansoft.sync.state.dates import agree_date
from leansoft.sync.state.load import Subject, load
from leansoft.sync.state.trees import agree, forget_void


def agree_on_what_is_held(
    subject: Subject, fields: Iterable[Field], *, merged: Iterable[Field] = ()
) -> None:
    """`merged`: here Outlook's changes have come in, and what is ours alone has still to go out."""
    fresh = load(subject.mailbox, subject.link.pk)
    agree_anew(fresh, fields, merged=merged)
    fresh.link.save()


def agree_anew(fresh: Subject, fields: Iterable[Field], *, merged: Iterable[Field] = ()) -> None:
    """The same for one that was read after something had come in. Its link is not saved."""
    local, remote = fresh.triple.local, fresh.triple.remote
    assert local is not None
    assert remote is not None
    forget_void(fresh.link)
    agree(fresh.link, fields, local.values, remote.values)
    agree(fresh.link, merged, remote.values, remote.values)


def agree_on_dates(subject: Subject, fields: Mapping[date, Iterable[Field]]) -> None:
    """The same for these fields of single dates of a series."""
    fresh = load(subject.mailbox, subject.link.pk)
    for day, names in fields.items():
        dated = fresh.triple.dates.get(day, DateTriple())
        agree_date(fresh.link, day, names, dated.local.values, dated.remote.values)
    fresh.link.save()
