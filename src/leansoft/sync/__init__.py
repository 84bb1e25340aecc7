"""The shell around the sync plan: it loads, applies and keeps the journal."""
