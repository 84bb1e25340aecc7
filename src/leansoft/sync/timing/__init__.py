"""When a mailbox is asked, and who tells us that it is time."""
