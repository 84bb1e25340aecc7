"""The team's own truth: events and who takes part. Knows no Microsoft."""
