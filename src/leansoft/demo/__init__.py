"""A small company to try Leansoft with: people, events, and their accounts in the sandbox."""
