"""What has to hold when all is quiet. Each finding is `kind: what`, in words for its reader."""

from convergence.agreement import disagreements
from convergence.causes import without_cause
from convergence.edits import lost_edits
from convergence.mails import mail_findings
from convergence.remains import lost_and_doubled, seen_by_strangers
from convergence.told import deaf
from convergence.world import World


def check(world: World) -> list[str]:
    return [
        *(f"mistake: {text}" for text in world.mistakes),
        *lost_and_doubled(world),
        *disagreements(world),
        *mail_findings(world),
        *without_cause(world),
        *lost_edits(world),
        *seen_by_strangers(),
        *deaf(world),
    ]
