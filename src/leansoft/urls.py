"""Every address of Leansoft; the pages and the API have their own lists."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("leansoft.accounts.urls")),
    path("", include("leansoft.web.urls")),
]

handler403 = "leansoft.web.views.errors.forbidden"
handler404 = "leansoft.web.views.errors.not_found"
handler500 = "leansoft.web.views.errors.broken"
handler429 = "leansoft.web.views.errors.too_often"
