"""Pages, API and their templates."""
