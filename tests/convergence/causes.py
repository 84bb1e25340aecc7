"""Behind everything that Leansoft writes in Outlook is a person's act in Leansoft, and behind no
two writes the same one."""

from collections import Counter
from collections.abc import Iterator

from convergence.book import Act, Book, Kind, Side, Write
from convergence.world import World
from leansoft.events.fields import PERSONAL, Field
from leansoft.events.normalise import same

ENDINGS = {Kind.ARCHIVE, Kind.FOREVER}


def without_cause(world: World) -> Iterator[str]:
    book = world.book
    done = [write for write in book.writes if write.changed]
    yield from _unannounced(done)
    for write in done:
        yield from _values_nobody_gave(book, write)
    yield from _more_than_acts(book, done)


def _unannounced(done: list[Write]) -> Iterator[str]:
    for write in done:
        if write.action is None:
            yield f"uncaused: {write.who} sends {write.method} {write.path} with no intent"


def _values_nobody_gave(book: Book, write: Write) -> Iterator[str]:
    if write.kind not in {"UpdateThere", "RespondThere"}:
        return
    for name, value in write.values.items():
        field = Field(name)
        # People of both sides are merged, and Leansoft itself names people below the description.
        said = book.about(write.label) if field is Field.BODY else _acts_on(book, write, field)
        free = field is Field.ATTENDEES or (field is Field.BODY and same(field, value, ""))
        if not free and not any(same(field, value, act.values.get(field)) for act in said):
            yield f"uncaused: nobody in Leansoft gave {field} {value!r}, sent by {write}"


def _acts_on(book: Book, write: Write, field: Field) -> list[Act]:
    """What people in Leansoft did to this field; to their own one, if it is of that sort. Whoever
    is named below the description changes it, too, on either side."""
    acts = [act for act in book.about(write.label) if act.kind is not Kind.CREATE]
    if field is Field.BODY:
        return [
            a for a in acts if a.names or a.added or (a.side is Side.HERE and field in a.values)
        ]
    acts = [act for act in acts if act.side is Side.HERE and field in act.values]
    return [act for act in acts if field not in PERSONAL or act.by == write.who]


def _more_than_acts(book: Book, done: list[Write]) -> Iterator[str]:
    for (label, kind), count in sorted(Counter((w.label, w.kind) for w in done).items()):
        acts = book.about(label)
        match kind:
            case "CreateThere":
                allowed = _creations(acts)
            case "DeleteThere":
                allowed = sum(act.kind in ENDINGS and act.side is Side.HERE for act in acts)
            case _:
                continue
        if count > allowed:
            yield f"repeated: {count} × {kind} of {label} for {allowed} acts"
    yield from _repeated_fields(book, done)
    yield from _repeated_leaving(book, done)


def _creations(acts: list[Act]) -> int:
    """Once for each life; an edit that beats a deletion in Outlook begins another one."""
    here = [act for act in acts if act.side is Side.HERE]
    begun = sum(act.kind in {Kind.CREATE, Kind.UNARCHIVE} for act in here)
    edits = sum(act.kind is Kind.EDIT for act in here)
    ended = sum(act.kind is Kind.ARCHIVE and act.side is Side.THERE for act in acts)
    return begun + min(edits, ended)


def _repeated_fields(book: Book, done: list[Write]) -> Iterator[str]:
    """One act changes a field in Outlook once."""
    updates = [w for w in done if w.kind in {"UpdateThere", "RespondThere"}]
    counts = Counter((w.who, w.label, name) for w in updates for name in w.values)
    for (who, label, name), count in sorted(counts.items()):
        sent = [w for w in updates if (w.who, w.label) == (who, label) and name in w.values]
        acts = _acts_on(book, sent[0], Field(name))
        if count > len(acts) + _doubts(book, sent, Field(name)):
            yield f"repeated: {who} sends {name} of {label} {count} × for {len(acts)} acts"


def _doubts(book: Book, sent: list[Write], field: Field) -> int:
    """When nobody heard that a write was carried out, and somebody then says otherwise in Outlook,
    it looks as though it had not been."""
    unheard = [write.at for write in sent if not write.answered]
    acts = [act for act in book.about(sent[0].label) if act.side is Side.THERE]
    later = [act for act in acts if unheard and act.at > unheard[0]]
    return sum(field in act.values for act in later)


def _repeated_leaving(book: Book, done: list[Write]) -> Iterator[str]:
    for loud, acting in ((False, Kind.LEAVE), (True, Kind.RESPOND)):
        declines = Counter(
            (w.who, w.label) for w in done if w.kind == "DeclineThere" and w.send_response >= loud
        )
        for (who, label), count in sorted(declines.items()):
            acts = [a for a in book.about(label) if (a.by, a.kind, a.side) == (who, acting, "here")]
            if count > len(acts):
                yield f"repeated: {who} leaves {label} {count} × for {len(acts)} acts"
