from leansoft.calendars.models.event import Event
from leansoft.calendars.models.participant import Channel, Participant

__all__ = ["Channel", "Event", "Participant"]
