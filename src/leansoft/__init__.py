"""Leansoft: a self-hosted team calendar that keeps itself and Outlook the same."""

__version__ = "0.1.0"
