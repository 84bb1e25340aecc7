from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0010_proposed"),
    ]

    operations = [
        migrations.AddField(
            model_name="personaloverride",
            name="response_comment",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
