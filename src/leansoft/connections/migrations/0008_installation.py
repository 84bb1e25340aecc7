import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0003_warnings_and_clouds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False
                    ),
                ),
                ("base_url", models.TextField(blank=True)),
                ("beats", models.PositiveBigIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                (
                    "doubt",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved", "Leansoft has another address than before."),
                            (
                                "restored",
                                "The database is older than what was seen of it: it was restored.",
                            ),
                            (
                                "unknown",
                                "This database comes from elsewhere: it was moved here, or is a "
                                "copy.",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
