"""Addresses of the pages and the API."""

from django.urls import URLPattern, URLResolver, path

from leansoft.web.api.site import api
from leansoft.web.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("healthz", health.healthz),
    path("metrics", health.metrics),
]
