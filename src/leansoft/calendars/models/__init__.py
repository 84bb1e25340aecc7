from leansoft.calendars.models.event import Event
from leansoft.calendars.models.override import Override, PersonalOverride
from leansoft.calendars.models.participant import Channel, Participant

__all__ = ["Channel", "Event", "Override", "Participant", "PersonalOverride"]
