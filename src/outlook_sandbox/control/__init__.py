"""The control plane under /sandbox: never needs a token."""
