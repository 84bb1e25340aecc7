"""What is tidied up regularly."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app


@app.periodic(cron="43 3 * * *")
@app.task(name="leansoft.forget_old_sessions", queueing_lock="forget-old-sessions")
def forget_old_sessions(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    """Who does not come back leaves nothing behind; a session can hold a sign-in at Microsoft."""
    SessionStore.clear_expired()
