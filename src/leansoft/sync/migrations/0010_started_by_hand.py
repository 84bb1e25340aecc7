from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0009_elsewhere"),
    ]

    operations = [
        migrations.AlterField(
            model_name="syncrun",
            name="cause",
            field=models.CharField(
                choices=[
                    ("start", "First sync"),
                    ("edit", "A change in Leansoft"),
                    ("poll", "The regular look at Outlook"),
                    ("notification", "Microsoft told of a change"),
                    ("page", "The calendar was opened"),
                    ("manual", "Started by hand"),
                    ("reconnect", "Signed in again"),
                    ("reset", "Started over"),
                    ("disconnect", "Disconnected"),
                    ("undo", "A round was undone"),
                ],
                max_length=12,
            ),
        ),
    ]
