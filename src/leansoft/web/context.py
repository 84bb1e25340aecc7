"""What every page needs: who is looking, how their Outlook connection is, what they are told."""

from typing import Any

from django.http import HttpRequest

from leansoft.connections.domain.expiry import REMEDY, warning_for
from leansoft.kit.clock import now
from leansoft.sync.show.status import outlook_status


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "outlook_state": outlook_status(user),
        "expiry_warning": warning_for(user, now()),
        "expiry_remedy": REMEDY,
        "nav": request.path.split("/")[1],
    }
