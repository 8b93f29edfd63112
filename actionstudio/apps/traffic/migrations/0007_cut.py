"""Which bodies are cut has its own column. Calls of before get it from their sizes: longer than what the log took."""

from django.conf import settings
from django.db import migrations, models

ADDED = "ALTER TABLE traffic_exchange ADD COLUMN cut smallint DEFAULT 0 NOT NULL"  # at once, however long the log is


def of_before(apps, schema_editor):
    shorter = "CASE WHEN {0}_size > %s AND length({0}_body) < {0}_size THEN {1} ELSE 0 END"
    most = [settings.STUDIO_LOG_BODY_LIMIT] * 4
    schema_editor.execute(
        f"UPDATE traffic_exchange SET cut = {shorter.format('request', 1)} + {shorter.format('response', 2)} "
        "WHERE request_size > %s OR response_size > %s",
        most,
    )


class Migration(migrations.Migration):
    dependencies = [("traffic", "0006_saved_views")]

    operations = [
        migrations.RunSQL(
            ADDED,
            "ALTER TABLE traffic_exchange DROP COLUMN cut",
            [migrations.AddField("exchange", "cut", models.SmallIntegerField(db_default=0, default=0))],
        ),
        migrations.RunPython(of_before, migrations.RunPython.noop),
    ]
