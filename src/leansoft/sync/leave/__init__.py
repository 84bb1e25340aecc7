"""Starting over, leaving, another account."""
