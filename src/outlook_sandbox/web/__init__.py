"""Pages: sign-in, and an Outlook that people can use."""
