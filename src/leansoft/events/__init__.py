"""The vocabulary of an event, shared by the calendar, Microsoft's codec and the sync plan. Pure."""
