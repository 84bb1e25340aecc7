from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0005_guests"),
        ("sync", "0005_undo"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventlink",
            name="date",
            field=models.DateField(null=True),
        ),
        migrations.RemoveConstraint(model_name="eventlink", name="link_once_per_event"),
        migrations.AddConstraint(
            model_name="eventlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("date__isnull", True)),
                fields=("mailbox", "event"),
                name="link_once_per_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventlink",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "event", "date"), name="link_once_per_date"
            ),
        ),
    ]
