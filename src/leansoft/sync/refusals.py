"""What Outlook refused is remembered with both sides' state: tried again when either changes."""

from typing import Any

from leansoft.graph.errors import Refused
from leansoft.sync import journal
from leansoft.sync.load import Subject
from leansoft.sync.models import SyncAction
from leansoft.sync.trees import plain


def refuse(subject: Subject, refusal: Refused) -> None:
    link = subject.link
    journal.conclude(link, SyncAction.Outcome.REFUSED, refusal.sentence)
    link.intent = None
    link.refusal = {"why": refusal.sentence, "code": refusal.code, **_state(subject)}
    link.save()


def is_refused(subject: Subject) -> bool:
    """Whether Outlook refused to take exactly this state before."""
    refusal = subject.link.refusal
    return refusal is not None and all(refusal.get(k) == v for k, v in _state(subject).items())


def _state(subject: Subject) -> dict[str, Any]:
    local = subject.triple.local
    remote = subject.link.remote or {}
    return {
        "local": None if local is None else [str(local.presence), plain(local.values)],
        "remote": (remote.get("event") or {}).get("etag"),
    }
