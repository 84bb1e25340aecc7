"""People outside the company who take part in events."""
