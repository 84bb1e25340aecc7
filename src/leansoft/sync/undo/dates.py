"""Single dates of a series: what a run changed on them goes back like any other field."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from leansoft.calendars.overrides import series_values
from leansoft.calendars.rule_changes import is_new_range
from leansoft.calendars.values import personal_values, when_value
from leansoft.events.fields import AS_SERIES, Field, Value, Values
from leansoft.events.recurrence import yields
from leansoft.reconcile.snapshot import DateTriple, Presence
from leansoft.sync.models import EventLink
from leansoft.sync.show.words import NAMES
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import is_here
from leansoft.sync.undo.decision import FIXED, Act, Step, may_write, readable
from leansoft.sync.undo.effects import Change, Effect, equal

FOLLOW = (
    "Its dates follow the rule that comes back: what differs on them is as Outlook then shows it."
)


def with_dates(effect: Effect, subject: Subject, step: Step) -> Step:
    """The step, with what it does on single dates when the series itself stays."""
    if step.act not in {Act.NOTHING, Act.EDIT} or not _is_in_step(subject):
        return step
    if starts_dates_over(subject, step):
        touched = effect.dates or effect.dates_out or subject.triple.dates
        return replace(step, left=(*step.left, FOLLOW)) if touched else step
    dates: dict[date, Values] = {}
    left = dict.fromkeys(step.left)
    stays = {day: one for day, one in effect.dates.items() if day not in effect.dates_out}
    for day, changes in stays.items():
        reasons = {f: _hindrance(f, change, day, subject, step) for f, change in changes.items()}
        free = [f for f, why in reasons.items() if why is None]
        dates[day] = {f: readable(f, changes[f].before) for f in free}
        left |= dict.fromkeys(_sentences(day, [why for why in reasons.values() if why]))
    dates |= _cut_off(effect, subject, step)
    dates = {day: values for day, values in dates.items() if values}
    act = Act.EDIT if dates else step.act
    return replace(step, act=act, dates=dates, left=tuple(left))


def _cut_off(effect: Effect, subject: Subject, step: Step) -> dict[date, Values]:
    """What was on dates that come back with the end of the series."""
    return {
        day: {f: readable(f, v) for f, v in out.held.items() if f not in FIXED}
        for day, out in effect.dates_out.items()
        if comes_with_range(subject, step, day)
    }


def dropped(subject: Subject, step: Step) -> dict[date, Values]:
    """What was on single dates until the times or the pattern came back."""
    if step.act is not Act.EDIT or not _is_in_step(subject) or not starts_dates_over(subject, step):
        return {}
    return {
        day: held
        for day, dated in subject.triple.dates.items()
        if (held := {f: v for f, v in dated.local.values.items() if f not in FIXED})
    }


def starts_dates_over(subject: Subject, step: Step) -> bool:
    """Whether the times or the pattern come back: then Outlook decides what is kept on dates."""
    back = step.values.get(Field.WHEN)
    return back is not None and not is_new_range(_when(subject), back)


def comes_with_range(subject: Subject, step: Step, day: date) -> bool:
    """Whether the run had cut this date off the end of the series, which comes back."""
    back = step.values.get(Field.WHEN)
    return back is not None and yields(back, day) and not yields(_when(subject), day)


def _when(subject: Subject) -> Value:
    assert subject.event is not None
    return when_value(subject.event)


def _is_in_step(subject: Subject) -> bool:
    event, local = subject.event, subject.triple.local
    if event is None or not event.is_series or local is None:
        return False
    live = subject.link.state == EventLink.State.LIVE and is_here(subject.link)
    return live and local.presence is Presence.HERE


def _sentences(day: date, reasons: list[str]) -> Iterator[str]:
    for reason in dict.fromkeys(reasons):
        yield f"On {day:%-d %B %Y}: {reason}"


def _hindrance(field: Field, change: Change, day: date, subject: Subject, step: Step) -> str | None:
    """Why it does not go back: a sentence, "" when that needs none, None when it can."""
    back = step.values.get(Field.WHEN)
    if back is not None and not yields(back, day):
        return ""
    dated = subject.triple.dates.get(day, DateTriple())
    if field in FIXED:
        return FIXED[field]
    if dated.local.presence is not Presence.HERE or not dated.remote.here:
        return "The date is no longer in the series."
    if equal(field, _on(dated.local.values, field), change.before):
        return ""
    if not may_write(field, subject):
        return f"The {NAMES[field]} of this copy can only be changed in Outlook, and stays."
    after = AS_SERIES if _repeats_series(field, change.after, day, subject) else change.after
    if not _is_as_the_run_left_it(field, after, dated):
        return f"The {NAMES[field]} was changed again since, and stays."
    if back is not None and change.before == AS_SERIES:
        # Below a new range, what is as the series here is no edit.
        return f"The {NAMES[field]} is as Outlook shows it once the series has its old end."
    return None


def _repeats_series(field: Field, value: Value, day: date, subject: Subject) -> bool:
    """Outlook has no word for "as the series": it was told the series' own value."""
    assert subject.event is not None
    person = subject.person
    series = {**series_values(subject.event, day), **(personal_values(person) if person else {})}
    return field in series and equal(field, series[field], value)


def _is_as_the_run_left_it(field: Field, after: Value, dated: DateTriple) -> bool:
    ours, theirs = _on(dated.local.values, field), _on(dated.remote.values, field)
    agreed = equal(field, ours, _on(dated.base.ours, field)) and equal(
        field, theirs, _on(dated.base.theirs, field)
    )
    return agreed and (equal(field, ours, after) or equal(field, theirs, after))


def _on(values: Values, field: Field) -> Value:
    return values.get(field, AS_SERIES)
