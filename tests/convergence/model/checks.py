"""What has to hold in the small world when all is quiet: the same as in the whole one."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from convergence.model.acts import USERS, Said, World
from convergence.model.outlook import BEGIN, CONTENT, Copy, addresses
from convergence.model.rows import Box, Link, Row, Seen
from convergence.model.views import Write, invited_to
from leansoft.events.fields import Field, Value
from leansoft.events.normalise import same
from leansoft.reconcile.actions import (
    CreateThere,
    DeclineThere,
    DeleteThere,
    RespondThere,
    UpdateThere,
)

LEFT = {"leave here", "leave there"}
ENDED = {"end here", "end there"}
ANSWERED = {RespondThere.__name__, str(Field.SHOW_AS)}
"""What an answer in Outlook changes there."""


def check(world: World) -> list[str]:
    return [
        *_doubled(world),
        *_agreement(world),
        *_lost_events(world),
        *_taken_off(world),
        *_mails(world),
        *_causes(world),
        *_lost_edits(world),
    ]


def _doubled(world: World) -> Iterator[str]:
    # A create without an answer whose mailbox was disconnected is settled at its return, as is one
    # that was found to be gone in Outlook, and not archived yet.
    waiting = {
        link.row.label
        for box in world.shell.boxes.values()
        for link in box.links
        if not box.connected and (link.intent or link.missed) and link.row is not None
    }
    live = [row for row in world.shell.rows if not row.archived and row.label not in waiting]
    rows = Counter(row.label for row in live)
    yield from (f"doubled: {n} rows of {label}" for label, n in rows.items() if n > 1)
    for who in world.outlook.log:
        held = Counter(copy.label for copy in _live(world, who))
        yield from (f"doubled: {who} has {label} twice" for label, n in held.items() if n > 1)


def _live(world: World, who: str) -> list[Copy]:
    return [copy for copy in world.outlook.of(who) if not copy.cancelled]


def _agreement(world: World) -> Iterator[str]:
    if world.shell.unsettled:
        yield "unsettled: an event differed after every write"
    for box in world.shell.boxes.values():
        if box.connected:
            yield from _agreement_of(world, box)


def _agreement_of(world: World, box: Box) -> Iterator[str]:
    links = {link.remote_id: link for link in box.links}
    shown = set()
    for copy in _live(world, box.owner):
        link = links.get(copy.id)
        if link is None or link.row is None:
            yield f"unknown: {copy.label} is in {box.owner}'s Outlook, Leansoft has no row"
            continue
        shown.add(link.row.label)
        for text in _differences(world, box, link, link.row, copy):
            yield f"differs: {copy.label} of {box.owner} {text}"
    for row in world.shell.rows:
        part = row.parts.get(box.owner)
        if row.archived or part is None or part.removed or row.label in shown:
            continue
        left = any(a in LEFT and (b, w) == (row.label, box.owner) for _, a, b, w in world.did)
        if not left and not row.locked and not part.grouped and _invitation_came(world, row, box):
            yield f"missing: {row.label} is not in {box.owner}'s Outlook"


def _invitation_came(world: World, row: Row, box: Box) -> bool:
    if row.organizer == box.owner:
        return True
    home = world.shell.boxes.get(row.organizer)
    return home is not None and home.connected and any(link.row is row for link in home.links)


def _differences(world: World, box: Box, link: Link, row: Row, copy: Copy) -> Iterator[str]:
    part, theirs = row.parts.get(box.owner), Seen.of(copy).values
    if row.archived:
        # What waits in a mailbox that its owner disconnected waits for their return.
        if row.organizer not in world.shell.boxes or world.shell.boxes[row.organizer].connected:
            yield "is in the archive"
    elif part is None:
        yield "does not name its owner"
    elif part.removed:
        yield "was taken off"
    else:
        ours = {**row.values, **part.values}
        organizes = copy.organizer == box.owner
        own = {Field.SHOW_AS} if organizes else {Field.SHOW_AS, Field.RESPONSE}
        for name in CONTENT | {Field.ATTENDEES} | own if organizes else own:
            if name in ours and not same(name, ours[name], theirs[name]):
                yield f"{name}: {ours[name]!r} here, {theirs[name]!r} there"


def _lost_events(world: World) -> Iterator[str]:
    live = {row.label for row in world.shell.rows if not row.archived}
    for _, act, label, by in world.did:
        if not act.startswith("create") or by not in USERS:
            continue
        connected = world.shell.boxes[by].connected
        ended = [when for when, a, about, _ in world.did if about == label and a in ENDED]
        there = any(copy.label == label for copy in _live(world, by))
        if not ended and label not in live and (connected or act == "create here"):
            yield f"lost: {label} is gone here, and nobody ended it"
        if ended and connected and _stays_ended(world, label, max(ended)):
            if label in live:
                yield f"resurrected: {label} is here, and {by} ended it"
            if there:
                yield f"resurrected: {by} has {label} in Outlook, and ended it"


def _taken_off(world: World) -> Iterator[str]:
    """Whom an invitation names is on it, unless they left."""
    left = {(label, who) for _, act, label, who in world.did if act in LEFT}
    for row in world.shell.rows:
        home = world.shell.boxes.get(row.organizer)
        if row.archived or row.locked or home is None or not _is_synced(home, row):
            continue
        for who in invited_to(row):
            box, part = world.shell.boxes.get(who), row.parts.get(who)
            gone = part is None or part.removed
            if box is not None and box.connected and gone and (row.label, who) not in left:
                yield f"taken off: {who} is not on {row.label}, and never left it"


def _stays_ended(world: World, label: str, ended: int) -> bool:
    """Unless somebody took it back, edited it around then, or deleted it in Outlook while nobody
    knew whether our own deletion had been carried out."""
    writes = [write for write in world.shell.writes if write.label == label]
    deletions = [write for write in writes if isinstance(write.action, DeleteThere)]
    if any(not write.answered and _at(write.asked_at) <= ended for write in deletions):
        return False
    if any(a == "restore here" and b == label and when >= ended for when, a, b, _ in world.did):
        return False
    edits = [said for said in world.said if said.label == label and said.field is not Field.SHOW_AS]
    return not any(_met(world, said.at, ended, said.by) for said in edits)


def _met(world: World, one: int, other: int, who: str) -> bool:
    """Whether both happened with no whole round of this person's between them."""
    first, last = sorted((one, other))
    return not any(
        began > first and ended < last and by == who for began, ended, by in world.rounds
    )


def _mails(world: World) -> Iterator[str]:
    """Every mail was foreseen by the write that caused it, and what was certain was sent."""
    for write in world.shell.writes:
        if write.unforeseen:
            yield f"unforeseen: {write.who}: {write.action} of {write.label}"


def _causes(world: World) -> Iterator[str]:
    """Behind every write is a person's act, and behind no two writes the same one."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for write in world.shell.writes:
        if write.changed:
            counts.update((write.who, write.label, name) for name in _names(write))
    for (who, label, name), count in sorted(counts.items()):
        if count > _acts(world, who, label, name) + _doubts(world, label, name):
            yield f"repeated: {who} sends {name} of {label} {count} ×"


def _names(write: Write) -> list[str]:
    """What the write did: each field for itself."""
    if isinstance(write.action, UpdateThere):
        return [str(f) for f in write.action.values]
    aloud = isinstance(write.action, DeclineThere) and write.action.send_response
    return [type(write.action).__name__, *(["declines aloud"] if aloud else [])]


def _doubts(world: World, label: str, name: str) -> int:
    """Once an answer is lost, nobody can tell a write that was taken back in Outlook from one that
    was never carried out: it is sent again."""
    lost = [
        _at(write.arrived_at)
        for write in world.shell.writes
        if write.label == label
        and name in _names(write)
        and write.arrived_at is not None
        and not write.answered
    ]
    words = [
        said.at
        for said in world.said
        if (said.side, said.label, str(said.field)) == ("there", label, name)
    ]
    if name in ANSWERED:
        words += [w for w, act, about, _ in world.did if (act, about) == ("respond there", label)]
    return sum(any(word > at for at in lost) for word in words)


def _at(moment: datetime) -> float:
    return (moment - BEGIN).total_seconds()


def _taken_for_ours(world: World, said: Said) -> bool:
    """What somebody gives a field in Outlook that was sent from here before, and got no answer,
    looks like that: it is what the person in Leansoft had given up by then."""
    return any(
        isinstance(write.action, UpdateThere)
        and write.label == said.label
        and not write.answered
        and same(said.field, write.action.values.get(said.field), said.value)
        for write in world.shell.writes
    )


def _acts(world: World, who: str, label: str, name: str) -> int:
    here = [s for s in world.said if (s.side, s.label, s.by) == ("here", label, who)]
    mine = [act for _, act, about, by in world.did if (about, by) == (label, who)]
    if name == CreateThere.__name__:
        again = min(mine.count("end there"), len(here))
        return mine.count("create here") + mine.count("restore here") + again
    if name == DeleteThere.__name__:
        return mine.count("end here")
    if name == DeclineThere.__name__:
        return mine.count("leave here")
    if name in {RespondThere.__name__, "declines aloud"}:
        return mine.count("respond here")
    return sum(str(said.field) == name for said in here)


def _lost_edits(world: World) -> Iterator[str]:
    for row in world.shell.rows:
        box = world.shell.boxes.get(row.organizer)
        if row.archived or box is None or not _is_synced(box, row):
            continue
        since = _listens_since(world, row.organizer)
        if since is None:
            continue
        said = [s for s in world.said if s.label == row.label and s.by == row.organizer]
        for name in sorted(CONTENT):
            words = [s for s in said if s.field is name]
            if words and words[-1].at > since:
                yield from _lost(world, row, words, row.values[name])
        yield from _lost_people(world, row, [s for s in said if s.field is Field.ATTENDEES], since)


def _is_synced(box: Box, row: Row) -> bool:
    return box.connected and any(link.row is row and link.live for link in box.links)


def _listens_since(world: World, who: str) -> int | None:
    """At a start, Outlook's values come in, whatever was said before."""
    rounds = [began for began, _, by in world.rounds if by == who]
    return min((began for began in rounds if began >= world.starts[who]), default=None)


def _lost(world: World, row: Row, said: list[Said], held: Value) -> Iterator[str]:
    last = said[-1]
    if same(last.field, last.value, held):
        return
    rivals = [s for s in said if s.side != last.side and _met(world, s.at, last.at, last.by)]
    ended = any(a in ENDED and b == row.label and when >= last.at for when, a, b, _ in world.did)
    undone = any(same(s.field, last.value, s.before) for s in said if s.side == last.side)
    kept = any(
        (label, name) == (row.label, last.field) and same(name, value, last.value)
        for label, name, value in world.shell.lost
    )
    doubtful = _doubts(world, row.label, str(last.field)) or _taken_for_ours(world, last)
    if last.side == "there" and (ended or doubtful):
        return  # nobody saw it
    if not ((rivals or ended) and (undone or kept)):
        yield f"edit lost: {last.field} of {row.label} is {held!r}, {last.value!r} was said last"


def _lost_people(world: World, row: Row, said: list[Said], since: int) -> Iterator[str]:
    present = set(addresses(row.values[Field.ATTENDEES]))
    latest: dict[str, list[tuple[Said, bool]]] = {}
    for one in said:
        before, after = set(addresses(one.before)), set(addresses(one.value))
        for email in before ^ after:
            latest.setdefault(email, []).append((one, email in after))
    for email, words in sorted(latest.items()):
        last, added = words[-1]
        if last.at <= since:
            continue
        rivals = [s for s, _ in words if s.side != last.side]
        if any(_met(world, s.at, last.at, last.by) for s in rivals):
            continue
        if _doubts(world, row.label, str(Field.ATTENDEES)):
            continue  # nobody can tell what was taken back
        if any(a in ENDED and b == row.label and when >= last.at for when, a, b, _ in world.did):
            continue  # archived, and brought back as Outlook has it
        if added != (email in present):
            yield f"edit lost: {email} of {row.label}, said {last.side} last"
