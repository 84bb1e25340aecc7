from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0009_response_comment"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="proposed",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="personaloverride",
            name="proposed",
            field=models.JSONField(null=True),
        ),
    ]
