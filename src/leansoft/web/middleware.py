"""What holds for every answer of the API, also for those that Django gives by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from leansoft.web.api.problems import CONTENT_TYPE, problem

SENTENCES = {
    400: "The request cannot be read: check its headers and its body.",
    404: "There is nothing at this address: see /api/v1/openapi.json.",
    405: "This address does not take that method: see /api/v1/openapi.json.",
    500: "Leansoft made a mistake. The administrator finds it in the log.",
}


def api_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Errors are problems with a sentence, and nothing is kept by caches on the way."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code in SENTENCES and response["Content-Type"] != CONTENT_TYPE:
            allowed = response.get("Allow")
            response = problem(response.status_code, SENTENCES[response.status_code])
            if allowed:
                response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        return response

    return answer
