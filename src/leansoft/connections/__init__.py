"""The link to Microsoft: the registered application and each user's mailbox."""
