from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0005_guests"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="response_comment",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
