"""What every page needs: who is looking, and how their Outlook connection is."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
