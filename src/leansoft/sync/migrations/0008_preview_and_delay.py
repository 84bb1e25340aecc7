from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0007_leaving"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncrun",
            name="previewed",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="syncaction",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
