"""The whole state as one value, and the file that it is kept in."""

import os
import tempfile
from pathlib import Path

import msgspec

from outlook_sandbox.clock import Clock
from outlook_sandbox.faults import Fault
from outlook_sandbox.identity.models import Directory
from outlook_sandbox.ledger import LedgerEntry
from outlook_sandbox.mail import Mail
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.meetings import Delivery
from outlook_sandbox.randomness import Randomness
from outlook_sandbox.subscriptions.models import Notification, Subscription
from outlook_sandbox.switches import Switches


class Latency(msgspec.Struct):
    milliseconds: float = 0.0


class State(msgspec.Struct, kw_only=True):
    clock: Clock = msgspec.field(default_factory=Clock)
    random: Randomness = msgspec.field(default_factory=Randomness)
    switches: Switches = msgspec.field(default_factory=Switches)
    directory: Directory = msgspec.field(default_factory=Directory)
    mailboxes: dict[str, Mailbox] = {}
    """By account id."""
    mail: list[Mail] = []
    deliveries: list[Delivery] = []
    """Mail under way."""
    faults: list[Fault] = []
    latency: Latency = msgspec.field(default_factory=Latency)
    requests: list[LedgerEntry] = []
    subscriptions: dict[str, Subscription] = {}
    notifications: list[Notification] = []
    """Notifications under way."""


def encode(state: State) -> bytes:
    return msgspec.json.encode(state)


def decode(data: bytes) -> State:
    """Raises msgspec.ValidationError for anything that is not a state."""
    return msgspec.json.decode(data, type=State)


class StateFile:
    """Saved whole and atomically: a crash leaves the old file or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> State | None:
        return decode(self.path.read_bytes()) if self.path.exists() else None

    def save(self, state: State) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(encode(state))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self.path)
