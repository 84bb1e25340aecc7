from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0002_subscriptions"),
        ("sync", "0003_notifications"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventlink",
            name="base_dates",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="eventlink",
            name="refused_dates",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="syncaction",
            name="occurrence",
            field=models.DateField(null=True),
        ),
        # Series were left out until now: the next round reads them.
        migrations.RunSQL(
            "UPDATE sync_eventlink SET state = 'live', reason = '' WHERE reason = 'series'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE connections_mailbox SET listed_at = NULL", migrations.RunSQL.noop
        ),
    ]
