"""The API put together."""

from django.db import transaction
from django.urls import URLPattern
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

urls = api.urls
addresses = [one for one in urls[0] if isinstance(one, URLPattern)]
# Ninja has one view for all methods of an address, and it is the view that Django asks.
reading = {str(one.pattern) for one in addresses if one.name in outlook.READ_OUTLOOK}
for one in addresses:
    if str(one.pattern) in reading:
        transaction.non_atomic_requests(one.callback)
