"""Reads the small Outlook, and finds the rows that its copies belong to."""

from convergence.model.outlook import Copy, NotThere
from convergence.model.rows import Box, Link, Row, Seen
from convergence.model.views import Store
from leansoft.events.fields import UNANSWERED, Field, Values
from leansoft.events.normalise import same
from leansoft.reconcile.actions import CreateThere


class Reader(Store):
    def _pull(self, box: Box) -> None:
        self.before(False)
        log = self.outlook.log[box.owner]
        fresh = box.cursor is None
        ids = set(log[max(0, (box.cursor or 0) - 2) :])
        end = len(log)
        self.after(False)
        for copy_id in sorted(ids):
            self._look(box, copy_id)
        if fresh:
            for link in list(box.links):
                if link.here and link.remote_id not in ids and link.remote_id is not None:
                    self._look(box, link.remote_id)
        box.cursor = end

    def _look(self, box: Box, copy_id: int) -> None:
        link = next((one for one in box.links if one.remote_id == copy_id), None)
        try:
            copy = self.outlook.get(copy_id)
        except NotThere:
            if link is not None and link.here:
                link.here, link.changed = False, True
            return
        if link is None:
            link = Link(remote_id=copy_id)
            box.links.append(link)
        self._show(box, link, copy)
        if link.row is None and link.base is None and link.live and not link.apart:
            row = self._find(link)
            if row is not None:
                self._attach(box, link, row)

    def _show(self, box: Box, link: Link, copy: Copy) -> None:
        if link.seen is None or link.seen.etag != copy.etag or not link.here:
            if not link.live and not copy.cancelled:
                self._begin_again(box, link)
            link.seen, link.here, link.changed = Seen.of(copy), not copy.cancelled, True

    @staticmethod
    def _begin_again(box: Box, link: Link) -> None:
        """Outlook brings it back: another life, which its owner has not left."""
        link.base, link.live = None, True
        if link.row is not None and box.owner in link.row.parts:
            link.row.parts[box.owner].removed = False
            link.row.version += 1

    def _find(self, link: Link) -> Row | None:
        seen = link.seen
        assert seen is not None
        if seen.mark and seen.is_organizer:
            key = int(seen.mark.partition(":")[0])
            row = next((r for r in self.rows if r.key == key), None)
            if row is not None:
                return row
        twins = [r for r in self.rows if seen.uid in r.uids and r.organizer == seen.organizer]
        return twins[0] if twins else self._find_sent(seen)

    def _find_sent(self, seen: Seen) -> Row | None:
        """A colleague's copy of what was created from here, whose answer nobody knows yet."""
        home = None if seen.is_organizer else self.boxes.get(seen.organizer)
        for link in home.links if home is not None else ():
            intent, row = link.intent, link.row
            created = intent is not None and isinstance(intent.action, CreateThere)
            if created and link.remote_id is None and row is not None and not row.archived:
                assert intent is not None
                if same(Field.SUBJECT, intent.values[Field.SUBJECT], seen.values[Field.SUBJECT]):
                    return row
        return None

    def _attach(self, box: Box, link: Link, row: Row) -> None:
        own = next((one for one in box.links if one.row is row), None)
        if own is None:
            link.row = row
        elif own.remote_id is not None and own.here:
            link.apart = True
        else:
            if not own.live:
                self._begin_again(box, own)
            own.remote_id, own.seen, own.here = link.remote_id, link.seen, link.here
            own.changed, own.incarnation = True, row.incarnation
            box.links.remove(link)

    def _link_new(self, box: Box) -> None:
        self._archive_vanished(box)
        linked = {id(link.row) for link in box.links}
        for row in self.rows:
            mine = row.organizer == box.owner and not row.archived and not row.locked
            if mine and id(row) not in linked:
                box.links.append(Link(row=row))

    def _archive_vanished(self, box: Box) -> None:
        """What only colleagues' copies ever showed, of which none is left."""
        mine = [r for r in self.rows if r.organizer == box.owner and r.locked and not r.archived]
        for row in mine:
            held = {link.seen.uid for link in box.links if link.seen is not None and link.here}
            links = [(b, one) for b in self.boxes.values() for one in b.links if one.row is row]
            shown = any(b is box or (b.connected and one.here) for b, one in links)
            if links and not shown and not held & row.uids:
                row.archived = True
                row.version += 1

    def _learn_uid(self, row: Row, uid: int) -> None:
        """Two rows that turn out to be one meeting become one; the older stays."""
        row.uids.add(uid)
        for twin in [r for r in self.rows if uid in r.uids and r is not row]:
            if twin.organizer == row.organizer:
                older, younger = sorted((twin, row), key=self.rows.index)
                self._fold(older, younger)
                row = older

    def _fold(self, older: Row, younger: Row) -> None:
        invited_anew = set()
        for box in self.boxes.values():
            rival = next((one for one in box.links if one.row is older), None)
            for link in [one for one in box.links if one.row is younger]:
                if rival is not None and rival.here:
                    link.row, link.apart = None, True
                    continue
                if rival is not None:
                    if not rival.live and link.here and box.owner in older.parts:
                        older.parts[box.owner].removed = False
                        invited_anew.add(box.owner)
                    box.links.remove(rival)
                link.row, link.incarnation, link.planned = older, older.incarnation, 0
        for who, part in younger.parts.items():
            held = older.parts.setdefault(who, part)
            held.values = {**part.values, **_outlives(held.values, anew=who in invited_anew)}
        older.uids |= younger.uids
        if not younger.locked:
            older.locked = False
            older.epoch += 1
        older.version += 1
        self.rows.remove(younger)


def _outlives(own: Values, *, anew: bool) -> Values:
    """Of what somebody had on an earlier copy only an answer goes to the next one."""
    if not anew:
        return own
    return {f: v for f, v in own.items() if f is Field.RESPONSE and v not in UNANSWERED}
