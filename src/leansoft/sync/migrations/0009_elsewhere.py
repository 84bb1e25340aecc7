from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0008_preview_and_delay"),
    ]

    operations = [
        migrations.AlterField(
            model_name="eventlink",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("kept_local", "You chose to keep it only in Leansoft."),
                    ("unreadable", "Outlook gives it no time that Leansoft understands."),
                    ("rejected", "You chose not to carry out its change."),
                    (
                        "copy",
                        "Outlook holds a second copy of the same meeting; "
                        "the first one is kept in sync.",
                    ),
                    (
                        "elsewhere",
                        "It is in another of your Outlook calendars, which is not kept in sync.",
                    ),
                    ("new_only", "You chose to sync only what is new."),
                    ("taken_out", "It is being taken out of Outlook."),
                    ("undone", "You undid its sync: each side keeps what it has."),
                ],
                max_length=20,
            ),
        ),
    ]
