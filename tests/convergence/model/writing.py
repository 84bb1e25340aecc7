"""Carries actions out: intents before requests, answers into the base, one action at a time."""

from convergence.model.outlook import Changed, Copy, NotThere
from convergence.model.reading import Reader
from convergence.model.rows import Box, Intent, Link, Part, Row, Seen
from convergence.model.views import OWN, Write, agree, label_of, mails_of, sync_parts
from leansoft.events.fields import Field, Response, Values
from leansoft.events.normalise import own_text, same
from leansoft.reconcile.actions import (
    Action,
    ActionThere,
    Adopt,
    Agree,
    ArchiveHere,
    CreateHere,
    CreateThere,
    DeclineThere,
    DeleteThere,
    LetGo,
    RemoveHere,
    RespondThere,
    RestoreHere,
    UpdateHere,
    UpdateThere,
)
from leansoft.reconcile.snapshot import Pair, Triple

ENDINGS = (DeleteThere, DeclineThere)


class Stale(Exception):
    """The event changed since it was read: plan again."""


class Writer(Reader):
    def _write_there(self, box: Box, link: Link, triple: Triple, action: ActionThere) -> None:
        self._commit_intent(link, triple, action)
        try:
            copy = self._request(box, link, action)
        except Changed as changed:
            link.intent = None
            assert link.remote_id is not None
            self._look(box, link.remote_id)
            raise Stale from changed
        except NotThere as missing:
            self._gone(link, by_us=isinstance(action, ENDINGS))
            raise Stale from missing
        if isinstance(action, ENDINGS):
            self._forget_answer(box, link)
            self._gone(link, by_us=True)
            return
        if isinstance(action, RespondThere):
            self._forget_answer(box, link)
            self._keep_pending_show_as(link, triple, copy)
        assert link.intent is not None
        self._learn(box, link, copy, link.intent.values)

    def _commit_intent(self, link: Link, triple: Triple, action: ActionThere) -> None:
        row = link.row
        if isinstance(action, CreateThere):
            assert row is not None
            row.incarnation += action.again
            link.incarnation, link.epoch = row.incarnation, row.epoch
            link.base, link.seen, link.remote_id, link.live = None, None, None, True
            link.missed = False
        values = dict(getattr(action, "values", {}))
        if isinstance(action, RespondThere):
            values = {Field.RESPONSE: str(action.response)}
        self.lost += [(label_of(link), f, v) for f, v in getattr(action, "lost", {}).items()]
        mark = f"{row.key}:{link.incarnation}" if row else ""
        mails = mails_of(link, triple, action)
        now = self.outlook.now
        link.intent = Intent(at=now, action=action, mark=mark, values=values, mails=mails)

    def _request(self, box: Box, link: Link, action: ActionThere) -> Copy:
        """Carries it out, whether its answer arrives or not."""
        write = Write(box.owner, label_of(link), action, self.outlook.now)
        self.writes.append(write)
        self.before(True)
        write.arrived_at = self.outlook.now
        mails, log = len(self.outlook.mails), len(self.outlook.log[box.owner])
        try:
            copy = self._ask(box, link, action)
        finally:
            write.changed = len(self.outlook.log[box.owner]) > log
            write.unforeseen = not self._foreseen(link, write, mails)
        self.after(True)
        write.answered = True
        return copy

    def _ask(self, box: Box, link: Link, action: ActionThere) -> Copy:
        outlook, seen, remote_id = self.outlook, link.seen, link.remote_id
        if isinstance(action, CreateThere):
            assert link.intent is not None
            return outlook.create(box.owner, label_of(link), action.values, link.intent.mark)
        assert seen is not None
        assert remote_id is not None
        match action:
            case UpdateThere():
                return outlook.change(remote_id, action.values, seen.etag)
            case DeleteThere():
                outlook.delete(remote_id, seen.etag)
                return outlook.copies[remote_id]
            case DeclineThere():
                return outlook.answer(remote_id, Response.DECLINED, tell=action.send_response)
            case RespondThere():
                return outlook.answer(remote_id, action.response, tell=True)
            case _:
                raise AssertionError(f"No such write for a single event: {action}")

    def _foreseen(self, link: Link, write: Write, mails: int) -> bool:
        assert link.intent is not None
        sent = [(to.casefold(), kind) for to, kind in self.outlook.mails[mails:]]
        certain = {(m.to, m.kind) for m in link.intent.mails if m.certain}
        possible = {(m.to, m.kind) for m in link.intent.mails}
        once = len(set(sent)) == len(sent)
        return once and set(sent) <= possible and (not write.changed or certain <= set(sent))

    def _learn(self, box: Box, link: Link, copy: Copy, written: Values) -> None:
        link.remote_id = copy.id
        self._show(box, link, copy)
        assert link.seen is not None
        agree(link, written, written, link.seen.values)
        link.intent, link.changed = None, True
        if link.row is not None:
            self._learn_uid(link.row, copy.uid)

    @staticmethod
    def _keep_pending_show_as(link: Link, triple: Triple, copy: Copy) -> None:
        assert triple.local is not None
        pair = (link.base or {}).get(Field.SHOW_AS)
        if pair and link.base is not None and triple.local.values.get(Field.SHOW_AS) != pair.ours:
            link.base[Field.SHOW_AS] = Pair(ours=pair.ours, theirs=copy.values[Field.SHOW_AS])

    @staticmethod
    def _forget_answer(box: Box, link: Link) -> None:
        """It was sent, and does not answer the next invitation."""
        part = link.row.parts.get(box.owner) if link.row is not None else None
        if part is None or link.intent is None:
            return
        if part.edited_at.get(Field.RESPONSE, link.intent.at) <= link.intent.at:
            part.edited_at.pop(Field.RESPONSE, None)

    @staticmethod
    def _gone(link: Link, *, by_us: bool) -> None:
        link.here, link.changed, link.intent = False, True, None
        link.missed = link.seen is None
        if by_us:
            link.live = False

    def _settle(self, box: Box, link: Link) -> None:
        """A write without an answer is settled by reading."""
        intent = link.intent
        assert intent is not None
        try:
            if isinstance(intent.action, CreateThere) and link.remote_id is None:
                if link.row is None and intent.mark not in self.outlook.used:
                    raise NotThere
                copy = self._request(box, link, intent.action)
            else:
                assert link.remote_id is not None
                self.before(False)
                copy = self.outlook.get(link.remote_id)
                self.after(False)
        except NotThere:
            if isinstance(intent.action, ENDINGS):
                self._forget_answer(box, link)
            self._gone(link, by_us=isinstance(intent.action, ENDINGS))
            return
        seen, written = Seen.of(copy).values, intent.values
        held = {f: v for f, v in written.items() if f in seen and same(f, v, seen[f])}
        if Field.RESPONSE in held:
            self._forget_answer(box, link)
        self._learn(box, link, copy, held)
        if isinstance(intent.action, CreateThere):
            # It was carried out: what differs was edited in Outlook since.
            agree(link, written.keys() - held.keys(), written, written)

    def _write_here(self, box: Box, link: Link, action: Action) -> None:
        self.lost += [(label_of(link), f, v) for f, v in getattr(action, "lost", {}).items()]
        row = link.row
        match action:
            case CreateHere():
                self._create(box, link, action.values)
            case Adopt():
                self._accept(box, link, action.values)
                link.live = True
            case UpdateHere():
                self._accept(box, link, action.values)
            case RestoreHere():
                assert row is not None
                if row.organizer == box.owner:
                    row.archived = False
                else:
                    row.parts[box.owner].removed = False
                link.live = True
                self._accept(box, link, action.values)
            case ArchiveHere():
                assert row is not None
                row.archived = True
                row.version += 1
                link.live = False
            case RemoveHere():
                assert row is not None
                row.parts.setdefault(box.owner, Part()).removed = True
                row.version += 1
                link.live = False
            case Agree():
                self._agree_on_what_is_held(box, link, action.fields)
            case LetGo():
                link.live = False
            case _:
                raise AssertionError(f"No such action for a single event: {action}")

    def _create(self, box: Box, link: Link, values: Values) -> None:
        seen = link.seen
        assert seen is not None
        row = self._find(link)
        if row is not None:
            self._attach(box, link, row)
            return
        row = Row(len(self.rows) + 1000, seen.label, seen.organizer, {}, uids={seen.uid})
        row.locked = not seen.is_organizer
        if row.organizer in self.boxes:
            row.parts[row.organizer] = Part()
        self.rows.append(row)
        link.row, link.incarnation = row, 0
        self._accept(box, link, values)

    def _accept(self, box: Box, link: Link, values: Values) -> None:
        row = link.row
        assert row is not None
        part = row.parts.setdefault(box.owner, Part(grouped=box.owner != row.organizer))
        for name, value in values.items():
            if name in OWN:
                part.values[name] = value
            elif name is Field.BODY:
                row.values[name] = own_text(value)
            else:
                row.values[name] = value
        if Field.ATTENDEES in values:
            sync_parts(row, self.boxes)
        row.version += 1
        theirs = link.seen.values if link.seen else {}
        agreed = {f for f in values if f in theirs and same(f, values[f], theirs[f])}
        self._agree_on_what_is_held(box, link, frozenset(agreed))
        # Of a merged value Outlook's part has come in, and ours has still to go out.
        agree(link, values.keys() - agreed, theirs, theirs)
        if link.seen is not None:
            self._learn_uid(row, link.seen.uid)

    def _agree_on_what_is_held(self, box: Box, link: Link, fields: frozenset[Field]) -> None:
        fresh = self.triple(box, link)
        assert fresh is not None
        assert fresh.local is not None
        assert fresh.remote is not None
        # What was agreed on before the home moved stays void.
        link.base = None if fresh.base is None else dict(fresh.base)
        agree(link, fields, fresh.local.values, fresh.remote.values)
        if link.row is not None:
            link.epoch = link.row.epoch
