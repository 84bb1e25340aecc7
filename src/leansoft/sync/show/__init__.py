"""The state of the sync in plain words, for pages, command line and API."""
