"""No edit is lost in silence: somebody's last word stands, or it lost to a rival's and the journal
has it."""

from collections.abc import Iterator

from convergence.book import Act, Kind, Side, Write, label_of
from convergence.world import World
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.values import personal_values, shared_values
from leansoft.connections.models import Mailbox
from leansoft.events.fields import PERSONAL, READ_ONLY, SHARED, Field, Value, Values
from leansoft.events.normalise import same
from leansoft.sync.models import EventLink, SyncAction

CONTENT = SHARED - READ_ONLY - {Field.ATTENDEES}
OWN = PERSONAL - {Field.RESPONSE}


def lost_edits(world: World) -> Iterator[str]:
    for event in Event.objects.filter(archived_at__isnull=True).order_by("created_at"):
        organizer = event.organizer.user
        if organizer is None or not _is_synced(event, organizer.email):
            continue
        acts = _heard(world, event, organizer.email)
        held = shared_values(event)
        yield from _lost(world, event, [a for a in acts if a.by == organizer.email], CONTENT, held)
        yield from _people(world, event, acts)
        for person in event.participants.filter(user__isnull=False, removed_at__isnull=True):
            yield from _own(world, event, person)


def _heard(world: World, event: Event, organizer: str) -> list[Act]:
    """What happened in the event's present life, while Leansoft was listening."""
    return _since_last_start(world, organizer, world.book.about(label_of(event.subject)))


def _since_last_start(world: World, who: str, acts: list[Act]) -> list[Act]:
    """At a start Outlook's values come in, whatever was said before."""
    started = Mailbox.objects.filter(user__email=who).values_list("started_at", flat=True).first()
    if started is None:
        return []
    began = [r.began for r in world.book.rounds if r.who == who and r.began + world.skew > started]
    return [act for act in acts if began and act.at > began[0]]


def _own(world: World, event: Event, person: Participant) -> Iterator[str]:
    assert person.user is not None
    email = person.user.email
    if not _is_synced(event, email):
        return
    acts = _since_last_start(world, email, world.book.about(label_of(event.subject)))
    # Before this mailbox had shown its copy, Outlook's values were still to come in.
    link = EventLink.objects.get(event=event, mailbox__user__email=email)
    ended = [act for act in acts if act.kind is Kind.ARCHIVE]
    acts = [a for a in acts if a.by == email and a.at + world.skew > link.created_at]
    ends = [*ended, *(act for act in acts if act.kind in {Kind.LEAVE, Kind.RESPOND})]
    acts = [act for act in acts if not any(_void(world, act, end) for end in ends)]
    fields = frozenset(f for f in OWN if not _was_met_anew(event, f, acts))
    yield from _lost(world, event, acts, fields - _reset(world, acts), personal_values(person))


def _reset(world: World, own: list[Act]) -> frozenset[Field]:
    """Another time makes every attendee's copy tentative again, whatever it showed: Outlook does
    that by itself."""
    shown = [act for act in own if Field.SHOW_AS in act.values]
    if not shown:
        return frozenset()
    moves = [act for act in world.book.about(shown[-1].label) if Field.WHEN in act.values]
    moved = any(move.at > shown[-1].at for move in moves)
    return frozenset({Field.SHOW_AS}) if moved else frozenset()


def _was_met_anew(event: Event, field: Field, acts: list[Act]) -> bool:
    """Of a copy of an earlier life only an answer outlives it: what somebody chose for the event
    before the next invitation came yields to that, and is in the journal as what was there."""
    said = [act.values[field] for act in acts if field in act.values]
    rows = SyncAction.objects.filter(event=event, kind=SyncAction.Kind.ADOPTED)
    held = [row.before[field] for row in rows if field in row.before]
    return bool(said) and any(same(field, said[-1], value) for value in held)


def _void(world: World, act: Act, end: Act) -> bool:
    """Whoever takes an event off their calendar takes off what they made of it, its organizer what
    anybody did; also what is made of it on the other side, which does not know yet."""
    met = any(world.book.met(end, act, who) for who in (act.by, end.by))
    unknown = act.side is not end.side and met
    return act.at <= end.at or (end.kind in {Kind.LEAVE, Kind.ARCHIVE} and unknown)


def _lost(
    world: World, event: Event, acts: list[Act], fields: frozenset[Field], held: Values
) -> Iterator[str]:
    ends = [act for act in acts if act.kind is Kind.ARCHIVE]
    for field in sorted(fields):
        said = [act for act in acts if field in act.values and act.kind is not Kind.CREATE]
        if not said or field not in held or same(field, said[-1].values[field], held[field]):
            continue
        last = said[-1]
        if _nobody_saw(world, last, ends):
            continue
        value = last.values[field]
        rivals = [act for act in said if act.side is not last.side]
        met = [rival for rival in rivals if world.book.met(last, rival, last.by)]
        # Whoever archives what Outlook's edit then brings back gave up what waited here.
        met += [act for act in ends if act.at > last.at]
        # Whoever takes back what they did before the other side knew has changed nothing.
        own = [act for act in said if act.side is last.side]
        undone = any(same(field, value, act.before.get(field)) for act in own)
        ours = _looks_like_ours(world, last, field) or _hides_ours(world, last, field)
        unseen = undone or ours
        if not (met and (unseen or _in_journal(event, field, value))):
            yield f"edit lost: {field} of {event} is {held[field]!r}; {last.by} said {value!r} last"


def _looks_like_ours(world: World, edit: Act, field: Field) -> bool:
    """What somebody says in Outlook in the very words that Leansoft sends looks like its write."""
    words = [write.values[field] for write in _sent(world, edit, field)]
    there = edit.side is Side.THERE
    return there and any(same(field, value, edit.values[field]) for value in words)


def _hides_ours(world: World, edit: Act, field: Field) -> bool:
    """After a write whose answer was lost, what somebody says in Outlook looks as if that had not
    been carried out."""
    unheard = [w for w in _sent(world, edit, field) if w.changed and not w.answered]
    return edit.side is Side.THERE and bool(unheard)


def _sent(world: World, edit: Act, field: Field) -> list[Write]:
    """What Leansoft sent of this field, and had not read since."""
    sent = [w for w in world.book.writes if (w.who, w.label) == (edit.by, edit.label)]
    return [w for w in sent if field in w.values and world.book.met(w, edit, edit.by)]


def _in_journal(event: Event, field: Field, value: Value) -> bool:
    rows = SyncAction.objects.filter(event=event)
    return any(str(field) in row.lost and same(field, value, row.lost[field]) for row in rows)


def _nobody_saw(world: World, edit: Act, ends: list[Act]) -> bool:
    """An edit in Outlook of what was deleted there before anybody read it left no trace."""
    deleted = [end for end in ends if end.side is edit.side is Side.THERE and end.at > edit.at]
    return any(world.book.met(edit, end, edit.by) for end in deleted)


def _people(world: World, event: Event, acts: list[Act]) -> Iterator[str]:
    """Whom somebody added is there, whom somebody removed is not, unless the other side said
    otherwise before it could know."""
    present = {person.email for person in event.attendees}
    organizer = event.organizer.email or ""
    ends = [act for act in acts if act.kind is Kind.ARCHIVE]
    acts = [act for act in acts if act.kind in {Kind.CREATE, Kind.EDIT}]
    for email in sorted(frozenset[str]().union(*(act.added | act.removed for act in acts))):
        said = [act for act in acts if email in act.added | act.removed]
        said = _that_left_a_trace(world, email, said, organizer)
        if not said:
            continue
        last = said[-1]
        rivals = [act for act in said if act.side is not last.side]
        if any(world.book.met(last, rival, organizer) for rival in rivals):
            continue
        if _hides_ours(world, last, Field.ATTENDEES):
            continue
        added = email in last.added
        given_up = any(end.at > last.at for end in ends) and _list_in_journal(event, email, added)
        if added != (email in present) and not given_up and not _nobody_saw(world, last, ends):
            should = "should be on" if added else "should not be on"
            yield f"edit lost: {email} {should} {event}, said {last.by} {last.side}"


def _that_left_a_trace(world: World, email: str, said: list[Act], organizer: str) -> list[Act]:
    """Without an adding in Outlook that was taken back there before anybody read it: the person may
    take part quietly, and goes on to do so."""
    while len(said) > 1:
        added, removed = said[-2:]
        in_outlook = added.side is removed.side is Side.THERE
        taken_back = email in added.added and email in removed.removed
        if not (in_outlook and taken_back and world.book.met(added, removed, organizer)):
            break
        said = said[:-2]
    return said


def _list_in_journal(event: Event, email: str, named: bool) -> bool:
    """Whether a list that lost is kept, with this person or without."""
    rows = SyncAction.objects.filter(event=event)
    lists = [row.lost[Field.ATTENDEES] for row in rows if Field.ATTENDEES in row.lost]
    return any(named == (email in {person["email"] for person in people}) for people in lists)


def _is_synced(event: Event, email: str) -> bool:
    links = EventLink.objects.filter(event=event, mailbox__user__email=email)
    live = links.filter(state=EventLink.State.LIVE, refusal__isnull=True)
    return live.filter(mailbox__status=Mailbox.Status.CONNECTED).exists()
