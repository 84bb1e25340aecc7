"""Where Microsoft announces changes. It wants its answer at once (notifications.md §5)."""

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from procrastinate.exceptions import ConnectorException

from leansoft.graph.notifications import read_notifications, validation_token
from leansoft.graph.wire import Unreadable
from leansoft.sync.timing.receivers import receive


@csrf_exempt
@transaction.non_atomic_requests
@require_POST
def notifications(request: HttpRequest) -> HttpResponse:
    token = validation_token(request.META.get("QUERY_STRING", ""))
    if token is not None:
        return _plain(200, token)
    try:
        receive(read_notifications(request.body))
    except RequestDataTooBig:
        return _plain(413, "That is more than Microsoft sends.")
    except (Unreadable, UnreadablePostError) as error:
        return _plain(400, str(error))
    except (DatabaseTrouble, ConnectorException):
        # Microsoft tries again for hours: what is not stored must not count as delivered.
        return _plain(503, "It cannot be stored at the moment.")
    return _plain(202)


def _plain(status: int, text: str = "") -> HttpResponse:
    """Never sniffed (SecurityMiddleware): whatever a token says, no browser runs it."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
