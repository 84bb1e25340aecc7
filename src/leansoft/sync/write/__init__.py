"""Carrying a plan out, on either side, and the journal of it."""
