from django.db import migrations, models


class Migration(migrations.Migration):
    """Until now every event was a single one: its span is its own time."""

    dependencies = [
        ("calendars", "0003_series"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE calendars_event SET span_starts_at = starts_at, span_ends_at = ends_at",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="event",
            name="span_starts_at",
            field=models.DateTimeField(),
        ),
    ]
