"""Who may sign in: administrators add colleagues, let them in again, and switch them off."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leansoft.accounts.domain.sign_in_links import mail_sign_in_link, sign_in_link
from leansoft.accounts.domain.users import NotPermitted, switch_off, switch_on
from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.sync import control
from leansoft.web.forms.person import PersonForm, RoleForm
from leansoft.web.gates import administrators_only, signed_in
from leansoft.web.mailboxes import NotNow, certain_mailbox, present_mailbox

PAGE = 50


@administrators_only
@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx only its list."""
    text = request.GET.get("find", "").replace("\x00", "").strip()
    page = Paginator(_people(text), PAGE).get_page(request.GET.get("page"))
    template = "people/_list.html" if "HX-Request" in request.headers else "people/list.html"
    return render(request, template, {"page": page, "find": text})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    admin = signed_in(request)
    form = PersonForm(request.POST or None, time_zone=admin.time_zone)
    if request.method == "POST" and form.is_valid() and (person := form.save()):
        mailed = mail_sign_in_link(person, by=admin)
        told = f"A mail with a sign-in link is on its way to {person.email}." if mailed else ""
        messages.success(request, f"{person} is added. {told}".strip())
        return redirect("person", user_id=person.pk)
    status = 422 if form.errors else 200
    return render(request, "people/new.html", {"form": form}, status=status)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_person(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = RoleForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid() and form.save(by=signed_in(request)):
        messages.success(request, "Saved.")
        return redirect("person", user_id=person.pk)
    status = 422 if form.errors else 200
    return render(request, "people/person.html", _context(request, person, form), status=status)


@administrators_only
@require_POST
def make_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Mailed where that is possible: then nobody else sees it."""
    person = get_object_or_404(User, pk=user_id, is_active=True)
    if mail_sign_in_link(person, by=signed_in(request)):
        messages.success(request, f"A mail with a sign-in link is on its way to {person.email}.")
        return redirect("person", user_id=person.pk)
    context = _context(request, person, RoleForm(person=person))
    return render(request, "people/person.html", context | {"link": sign_in_link(person)})


@administrators_only
@require_POST
def let_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """Also disconnects their Outlook: nobody would answer what its sync asks."""
    person = get_object_or_404(User, pk=user_id)
    try:
        connected = _connection(person)
        switch_off(person, by=signed_in(request))
    except (NotPermitted, NotNow) as error:
        messages.error(request, str(error))
        return redirect("person", user_id=person.pk)
    if connected:
        control.disconnect(connected)
    messages.success(request, f"{person} is switched off.")
    return redirect("person", user_id=person.pk)


@administrators_only
@require_POST
def let_in(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    switch_on(person)
    messages.success(request, f"{person} can sign in again.")
    return redirect("person", user_id=person.pk)


def _people(text: str) -> QuerySet[User]:
    found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return found.order_by("-is_active", "name", "pk")


def _context(request: HttpRequest, person: User, form: RoleForm) -> dict[str, Any]:
    context = {"person": person, "form": form, "is_self": person == signed_in(request)}
    if person.is_active and not person.has_usable_password():
        context["link"] = sign_in_link(person)
    return context


def _connection(person: User) -> Mailbox | None:
    """Raises `NotNow` when this database may not answer for it."""
    try:
        present_mailbox(person)
    except NotNow:
        return None
    return certain_mailbox(person)
