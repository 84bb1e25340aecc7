"""People outside the company."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from leansoft.contacts.models import Contact
from leansoft.contacts.queries import search_contacts
from leansoft.web.forms.contact import ContactForm

PAGE = 50


@login_required
@require_safe
def list_contacts(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx only its list."""
    text = request.GET.get("find", "").replace("\x00", "").strip()
    page = Paginator(search_contacts(text), PAGE).get_page(request.GET.get("page"))
    template = "contacts/_list.html" if "HX-Request" in request.headers else "contacts/list.html"
    return render(request, template, {"page": page, "find": text})


@login_required
def new_contact(request: HttpRequest) -> HttpResponse:
    return _form(request, Contact(), done="{} is a contact now.")


@login_required
def edit_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    return _form(request, get_object_or_404(Contact, pk=contact_id), done="{} is saved.")


@login_required
@require_POST
def delete_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=contact_id)
    contact.delete()
    messages.success(request, f"{contact} is no longer a contact. Events keep naming them.")
    return redirect("contacts")


def _form(request: HttpRequest, contact: Contact, *, done: str) -> HttpResponse:
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, done.format(saved))
        return redirect("contacts")
    status = 422 if form.errors else 200
    return render(request, "contacts/form.html", {"form": form}, status=status)
