"""Why something was written, and by whom: for the mailbox's owner, who reads its history."""

from leansoft.calendars.models import Event
from leansoft.events.fields import PERSONAL, Field
from leansoft.reconcile.actions import Cause
from leansoft.sync.models import SyncAction

BY_YOU = {
    Cause.NEW_HERE: "You made it in Leansoft",
    Cause.CHANGED_HERE: "You changed it in Leansoft",
    Cause.DELETED_HERE: "You took it off the calendar in Leansoft",
    Cause.ANSWERED_HERE: "You answered it in Leansoft",
    Cause.UNDONE: "You took a round back",
}
"""What this mailbox carries to Outlook is its owner's: nobody else may change it here."""

OWN = PERSONAL | {Field.SENSITIVITY}
"""What a person's own copy shows that is theirs alone."""


def why(action: SyncAction, event: Event) -> str:
    """`event`: what the row is about. What a person said with an answer comes after the reason."""
    cause = next((cause for cause in Cause if action.cause.startswith(cause)), None)
    if cause is None:
        return action.cause
    return f"{_reason(cause, action, event)}{action.cause.removeprefix(cause)}"


def _reason(cause: Cause, action: SyncAction, event: Event) -> str:
    if cause in BY_YOU:
        return BY_YOU[cause]
    organizes = event.organizer.user_id == action.run.mailbox.user_id
    match cause:
        case Cause.NEW_THERE if organizes:
            return "New in your Outlook"
        case Cause.NEW_THERE:
            return f"An invitation of {event.organizer} came to your Outlook"
        case Cause.CHANGED_THERE:
            return _changed_there(action, event, organizes=organizes)
        case Cause.DELETED_THERE:
            return "No longer in your Outlook"
        case Cause.CHANGED_ON_BOTH if action.lost:
            ours = action.side == SyncAction.Side.OUTLOOK
            later = "your change in Leansoft" if ours else "the change in Outlook"
            return f"Changed on both sides, and {later} stands"
        case _:
            return str(cause)


def _changed_there(action: SyncAction, event: Event, *, organizes: bool) -> str:
    fields = {Field(name) for name in action.after}
    if fields <= {Field.TALLY, Field.PROPOSALS}:
        return "Answers to the invitation came"
    if organizes or fields <= OWN:
        return "Changed in your Outlook"
    return f"{event.organizer} changed it in Outlook"
