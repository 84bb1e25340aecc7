"""JSON batching (batch-and-throttling.md §1)."""
