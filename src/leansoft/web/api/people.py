"""Whom an event can name: colleagues and contacts, `/api/v1/people`."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from leansoft.accounts.models import User
from leansoft.contacts.queries import search_contacts
from leansoft.web.api.paging import Limit, Offset
from leansoft.web.api.texts import Line

router = Router(tags=["people"])


class PersonFound(Schema):
    email: str | None
    name: str
    kind: str
    user_id: int | None


class PeopleList(Schema):
    items: list[PersonFound]
    count: int


class Search(Schema):
    q: Line = ""
    limit: Limit = 1000
    offset: Offset = 0


@router.get("/people", response=PeopleList)
def list_people(request: HttpRequest, query: Query[Search]) -> dict[str, Any]:
    found = [*_users(query.q.strip()), *_contacts(query.q.strip())]
    return {"items": found[query.offset : query.offset + query.limit], "count": len(found)}


def _users(text: str) -> list[dict[str, Any]]:
    users = User.objects.filter(_matches(text), is_active=True).order_by("name", "pk")
    return [{"email": u.email, "name": u.name, "kind": "user", "user_id": u.pk} for u in users]


def _contacts(text: str) -> list[dict[str, Any]]:
    # A contact who became a colleague is listed once, as a colleague.
    contacts = search_contacts(text).exclude(email__in=User.objects.values("email"))
    return [
        {"email": c.email, "name": c.name, "kind": "contact", "user_id": None} for c in contacts
    ]


def _matches(text: str) -> Q:
    return Q(name__icontains=text) | Q(email__icontains=text)
