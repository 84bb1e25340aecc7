"""A server that lags behind: delta shows again what an event was a while ago (delta.md §4)."""

import json
from random import Random
from typing import TYPE_CHECKING, Any

import httpx

from convergence.scribe import caller

if TYPE_CHECKING:  # the world is made of it
    from convergence.world import World

Item = dict[str, Any]


class Memory:
    """Remembers every state that Outlook has shown in full, and repeats some of them."""

    def __init__(self) -> None:
        self.confused = False
        self._states: dict[str, dict[str, list[Item]]] = {}

    def confuse(
        self, world: "World", request: httpx.Request, response: httpx.Response
    ) -> httpx.Response:
        if response.status_code != 200 or "/v1.0/me" not in request.url.path:
            return response
        shown = json.loads(response.read())
        states = self._states.setdefault(caller(world, request.headers), {})
        for item in shown.get("value", [shown]):
            if "iCalUId" in item:
                states.setdefault(item["id"], []).append(item)
        if not self.confused or "/calendarView/delta" not in request.url.path:
            return response
        told = {item["id"] for item in shown["value"]}
        shown["value"] += _repeated(Random(len(world.book.acts)), states, told)
        return httpx.Response(200, json=shown, headers={"Date": response.headers["Date"]})


def _repeated(random: Random, states: dict[str, list[Item]], told: set[str]) -> list[Item]:
    """Old states of events that this very page does not tell anew."""
    ids = sorted(states.keys() - told)
    return [random.choice(states[name]) for name in ids if random.random() < 0.5]
