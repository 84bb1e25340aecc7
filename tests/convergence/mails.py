"""Every mail was foreseen, every mail foreseen as certain was sent, and nobody was mailed twice."""

from collections import Counter
from collections.abc import Iterator

from convergence.world import World, label_of
from leansoft.sync.models import SyncAction

Key = tuple[str, str, str]
"""(event, recipient, kind)."""

INVITING = {"create", "invite", "unarchive"}
CANCELLING = {"archive", "forever", "uninvite"}


def mail_findings(world: World) -> list[str]:
    return [*_forecasts(world), *_repetitions(world)]


def _sent(world: World) -> Counter[Key]:
    return Counter(
        (label_of(_bare(mail.subject)), mail.recipient.casefold(), str(mail.kind))
        for mail in world.sent
    )


def _bare(subject: str) -> str:
    for prefix in ("Accepted: ", "Tentative: ", "Declined: "):
        subject = subject.removeprefix(prefix)
    return subject


def _forecasts(world: World) -> Iterator[str]:
    sent = _sent(world)
    foreseen: Counter[Key] = Counter()
    certain: Counter[Key] = Counter()
    for action in SyncAction.objects.exclude(outcome=SyncAction.Outcome.REFUSED):
        # What became of a write may stay unknown: its mails may have been sent, or not.
        done = action.outcome == SyncAction.Outcome.DONE
        for mail in action.mails:
            key = (label_of(action.subject), mail["to"].casefold(), mail["kind"])
            foreseen[key] += 1
            certain[key] += mail["certain"] and done
    yield from (f"unforeseen: {n} × {key}" for key, n in sorted((sent - foreseen).items()))
    yield from (f"unsent: {n} × {key}" for key, n in sorted((certain - sent).items()))


def _repetitions(world: World) -> Iterator[str]:
    """No more mails of a kind to one person than acts of people that could have caused them."""
    for (label, to, kind), count in sorted(_sent(world).items()):
        if kind == "response":
            continue
        acts = [act for act in world.acts if act.label == label]
        match kind:
            case "invitation":
                causes = [a for a in acts if a.kind in INVITING and to in a.to]
            case "cancellation":
                causes = [a for a in acts if a.kind in CANCELLING]
                causes = [a for a in causes if to in a.to or a.kind == "forever"]
            case _:
                causes = [a for a in acts if a.kind == "edit"]
        if count > len(causes):
            yield f"repeated: {label} mails {to} {count} × {kind} for {len(causes)} acts"
    yield from _repeated_answers(world)


def _repeated_answers(world: World) -> Iterator[str]:
    answers = Counter(
        (label_of(_bare(m.subject)), m.sender.casefold())
        for m in world.sent
        if str(m.kind) == "response"
    )
    for (label, who), count in sorted(answers.items()):
        acts = [a for a in world.acts if (a.label, a.by, a.kind) == (label, who, "respond")]
        if count > len(acts):
            yield f"repeated: {who} answers {label} {count} × for {len(acts)} acts"
