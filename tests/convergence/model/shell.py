"""The smallest shell around the pure plan that keeps the rules of the real one: intents before
requests, settled by reading; the base learns what was written, and nothing else; one home for each
field; a copy that carries our mark is ours."""

from convergence.model.rows import Box, Link
from convergence.model.views import mails_of
from convergence.model.writing import Stale, Writer
from leansoft.reconcile.actions import (
    CreateThere,
    DeclineThere,
    DeleteThere,
    LetGo,
    RespondThere,
    UpdateThere,
)
from leansoft.reconcile.guards import SMALLEST_SIDE, Planned, examine
from leansoft.reconcile.plan import plan

MOST_TURNS = 12
THERE = (CreateThere, UpdateThere, DeleteThere, DeclineThere, RespondThere)


class NoAnswer(Exception):
    """The request got none; whether it was carried out is unknown."""


class Shell(Writer):
    def round(self, box: Box) -> None:
        for link in list(box.links):
            if link.intent is not None and link in box.links:
                self._settle(box, link)
        self._pull(box)
        self._link_new(box)
        waiting = self._held_back(box)
        for link in list(box.links):
            if link in box.links and id(link) not in waiting and self._is_due(link):
                self._bring_together(box, link)

    def _held_back(self, box: Box) -> set[int]:
        if self.approving or len(box.links) < SMALLEST_SIDE:
            return set()  # a guard holds no fewer
        planned = []
        for link in box.links:
            if self._is_due(link):
                triple = self.triple(box, link)
                actions = () if triple is None else plan(triple)
                mails = [m for a in actions for m in mails_of(link, triple, a)]
                planned.append(
                    Planned(key=id(link), plan=actions, mails=tuple(mails), announced=True)
                )
        agreed = sum(link.live and link.base is not None for link in box.links)
        held = set(examine(planned, agreed=agreed).keys)
        if held:
            self.holding.add(box.owner)
        return held

    def _is_due(self, link: Link) -> bool:
        if link.apart:
            return False
        if link.row is None:
            return link.changed or (link.base is not None and link.live)
        return link.changed or link.planned != link.row.version

    def _bring_together(self, box: Box, link: Link) -> None:
        moving = False
        for _ in range(MOST_TURNS):
            moving |= self._settle_home(box, link)
            triple = self.triple(box, link)
            actions = plan(triple) if triple else ()
            actions = tuple(a for a in actions if link.live or not isinstance(a, LetGo))
            version, seen = self._version(link), link.seen
            if not actions:
                if link.seen is seen:
                    link.planned, link.changed = version, False
                return
            assert triple is not None
            # The home moves in one transaction with what comes in then.
            moving = moving and not isinstance(actions[0], THERE)
            if not moving:
                self.between()
            try:
                if isinstance(actions[0], THERE):
                    self._write_there(box, link, triple, actions[0])
                else:
                    self._write_here(box, link, actions[0])
            except Stale:
                continue
        self.unsettled += 1

    @staticmethod
    def _version(link: Link) -> int:
        return link.row.version if link.row else 0
