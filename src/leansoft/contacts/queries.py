"""Finding contacts."""

from django.db.models import Q, QuerySet

from leansoft.contacts.models import Contact


def search_contacts(text: str) -> QuerySet[Contact]:
    """Contacts whose name, address or company holds every word of the text."""
    contacts = Contact.objects.all()
    for word in text.split():
        contacts = contacts.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(company__icontains=word)
        )
    return contacts
