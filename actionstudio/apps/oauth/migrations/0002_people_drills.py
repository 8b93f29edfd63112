"""Somebody who answers no to whatever they are asked to allow: for drills."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oauth", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="enduser",
            name="denies",
            field=models.BooleanField(default=False),
        ),
    ]
