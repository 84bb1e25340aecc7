"""State and rules of a mailbox."""
