"""What both sides hold of each event, as the plan reads it."""
