"""People who sign in: users, their addresses and API tokens."""
