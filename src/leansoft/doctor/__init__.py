"""What could keep the sync from working, each with what to do about it."""
