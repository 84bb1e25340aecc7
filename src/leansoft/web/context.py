"""What every page needs: who is looking, and how their Outlook connection is."""

from typing import Any

from django.http import HttpRequest

from leansoft.sync.status import outlook_status


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"outlook_state": outlook_status(user), "nav": request.path.split("/")[1]}
