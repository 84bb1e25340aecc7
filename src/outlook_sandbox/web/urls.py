"""Paths of the pages."""

from werkzeug.routing import Map, Rule

URLS = Map(
    [
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/static/<name>", endpoint="static", methods=["GET"]),
    ],
    strict_slashes=False,
)
