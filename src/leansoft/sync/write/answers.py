"""Answers that people gave here before Outlook asked them.

Who has just been invited has not answered there yet: what they said here stands until Outlook has
another answer, for the series and for each of its dates.
"""

from collections.abc import Mapping
from datetime import date

from leansoft.events.fields import UNANSWERED, Field, Value
from leansoft.reconcile.snapshot import DateTriple, Triple
from leansoft.sync.models import EventLink
from leansoft.sync.state.dates import agree_date
from leansoft.sync.state.projection import tally
from leansoft.sync.state.trees import agree, remote_event
from leansoft.sync.write.date_there import shown_on

TALLY = {Field.TALLY}


def keep_answers(link: EventLink, triple: Triple, day: date | None) -> None:
    """After a write that named people, for one date or for all. `triple`: as the write found it."""
    if day is None:
        seen = remote_event(link)
        assert seen is not None
        asked = _asked(link, seen.values[Field.TALLY])
        if asked is not None and triple.local is not None:
            agree(link, TALLY, triple.local.values, {Field.TALLY: asked})
    for each in triple.dates if day is None else [day]:
        shown = shown_on(link, each).get(Field.TALLY)
        asked = _asked(link, shown or {})
        if asked is not None:
            theirs = {} if shown is None else {Field.TALLY: asked}
            held = triple.dates.get(each, DateTriple()).local
            agree_date(link, each, TALLY, held.values, theirs)


def _asked(link: EventLink, answers: Mapping[str, Value]) -> Mapping[str, Value] | None:
    """The answers that are read from this mailbox; None when somebody has given one in Outlook."""
    read = tally(link.event, answers) if link.event is not None else answers
    return read if UNANSWERED.issuperset(read.values()) else None
