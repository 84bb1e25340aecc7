from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from leansoft.accounts.tasks import forget_old_sessions
from leansoft.kit.clock import now


@pytest.mark.django_db
def test_sessions_that_are_over_are_forgotten() -> None:
    for key, left in (("over", timedelta(-1)), ("present", timedelta(1))):
        Session.objects.create(session_key=key, session_data="", expire_date=now() + left)
    forget_old_sessions(timestamp=0)
    assert [session.session_key for session in Session.objects.all()] == ["present"]
