"""Forms of the pages, a file per noun."""
