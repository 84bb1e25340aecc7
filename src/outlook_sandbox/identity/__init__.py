"""Microsoft's sign-in: accounts, applications, consent, codes and tokens (identity.md)."""
