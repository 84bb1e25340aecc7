"""A mailbox over HTTP."""
