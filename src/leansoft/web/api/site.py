"""The API put together."""

from ninja import NinjaAPI

from leansoft import __version__
from leansoft.web.api import events, forecast, me, outlook, people, problems
from leansoft.web.api.auth import SessionAuth, TokenAuth

api = NinjaAPI(
    title="Leansoft",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    auth=[TokenAuth(), SessionAuth()],
)
problems.install(api)
for noun in (forecast, events, me, people, outlook):
    api.add_router("", noun.router)
