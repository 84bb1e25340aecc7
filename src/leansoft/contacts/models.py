"""People outside the company."""

from django.db import models


class Contact(models.Model):
    """Somebody who can be invited. Without an address they are only named on an event."""

    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True, null=True, unique=True)
    company = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name
