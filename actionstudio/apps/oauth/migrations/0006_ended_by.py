"""Who ended a token: said to whom it is refused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oauth", "0005_decided")]

    operations = [
        migrations.AddField(model_name=name, name="ended_by", field=models.CharField(blank=True, default="", max_length=8))
        for name in ("accesstoken", "refreshtoken")
    ]
