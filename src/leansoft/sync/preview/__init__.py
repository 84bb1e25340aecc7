"""Plans that are shown before they are carried out, or wait for a word."""
