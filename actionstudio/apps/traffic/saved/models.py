"""SavedView: a question under a name, of one person or for all who see the project."""

from django.db import models


class SavedView(models.Model):
    """``q`` is in the filter language. ``first``: the page opens with it for its author; one of theirs at most.

    In the log's database, so without foreign keys: ``author_id`` is a user's.
    """

    id = models.BigAutoField(primary_key=True)
    project_id = models.BigIntegerField()
    author_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    q = models.TextField(default="")
    shared = models.BooleanField(default=False)
    first = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project_id", "author_id", "name"], name="savedview_name"),
            models.UniqueConstraint(
                fields=["project_id", "author_id"], name="savedview_first", condition=models.Q(first=True)
            ),
        ]

    def __str__(self):
        return self.name
