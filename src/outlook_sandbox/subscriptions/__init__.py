"""Change notifications (notifications.md)."""
