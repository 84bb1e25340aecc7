"""Why the calendar refuses something, in words for the person who asked."""


class CalendarError(Exception):
    """The message is for the person."""


class NotAllowed(CalendarError):
    """This person may not do that to this event."""


class Locked(CalendarError):
    """The content is decided in somebody else's Outlook."""


class StaleVersion(CalendarError):
    """Somebody changed the event since it was read."""


class NotArchived(CalendarError):
    """Only an archived event can be removed for good."""


class Invalid(CalendarError):
    """A value cannot be; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
