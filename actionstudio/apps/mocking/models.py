"""What mocks remember between calls. Lives in the log's database: a change and its log entry are one commit."""

from django.db import models
from django.utils import timezone


class State(models.Model):
    """One list of a collection: how often it changed, how many rows it has and how many bytes they take.

    ``version`` grows with every change; it begins with the time, so that no version of a list that was reset comes
    again. ``last`` is the highest place of a row.
    """

    project_id = models.BigIntegerField()
    collection = models.CharField(max_length=100)
    partition = models.CharField(max_length=200, blank=True)
    version = models.PositiveBigIntegerField(default=1)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    touched = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project_id", "collection", "partition"], name="mocking_state_once")
        ]

    def __str__(self):
        return f"{self.collection}/{self.partition}"


class Row(models.Model):
    """One row of a list: its id as text, its place, and its value as JSON text."""

    state = models.ForeignKey(State, models.CASCADE, related_name="+")
    place = models.BigIntegerField()
    key = models.CharField(max_length=200)
    value = models.TextField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["state", "key"], name="mocking_row_once")]
        indexes = [models.Index(fields=["state", "place"], name="mocking_row_order")]

    def __str__(self):
        return self.key


class Snapshot(models.Model):
    """All lists of a collection as they were: {partition: [[key, value], …]} as JSON text."""

    project_id = models.BigIntegerField(db_index=True)
    collection = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    author_id = models.BigIntegerField(null=True)
    created = models.DateTimeField(default=timezone.now)
    rows = models.PositiveIntegerField(default=0)
    content = models.TextField()

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self):
        return self.name


class Counter(models.Model):
    """A number that calls count up, or the window of a rate limit: since when (Unix seconds) and how many."""

    project_id = models.BigIntegerField()
    name = models.CharField(max_length=250)
    value = models.PositiveBigIntegerField(default=0)
    since = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project_id", "name"], name="mocking_counter_once")]

    def __str__(self):
        return self.name
