"""Replay: one logged call sent again, and how the answers differ. Run: a selection of them, sent as a job."""

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.replay import packing


class Replay(models.Model):
    """One call sent again. ``target`` is live, revision:N, upstream, or a base URL.

    Replies are plain JSON {"status", "headers": [[name, value]], "body" (base64), "size", "duration_us", "revision",
    "cut"}; they are kept here because retention may delete the exchange they came from. ``facts`` says what was
    different about the request: {"edited": [...], "withheld": [...], "credential": ..., "revisions": [then, now]}.
    Credentials are never kept.

    Of a run's thousands of replays the bodies are kept in ``packed`` (packing.py), and before, after and again are
    empty in the row: whoever reads a row finds them where they always are.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="replays")
    run = models.ForeignKey("Run", models.CASCADE, null=True, related_name="replays")
    exchange_id = models.BigIntegerField()
    operation_id = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created = models.DateTimeField(auto_now_add=True)
    target = models.CharField(max_length=2000, default="live")
    call = models.JSONField(default=dict)  # {"method","path","query","headers","body" (base64)} as sent
    edited = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    ignore = models.JSONField(
        default=list
    )  # paths left out of the verdict; the operation's next replay starts with them
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    again = models.JSONField(null=True)  # the second run, when asked to find noise
    packed = models.BinaryField(null=True)
    result_exchange_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)
    same = models.BooleanField(default=False)
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="replay_newest"),
            models.Index(fields=["project", "operation_id", "-id"], name="replay_operation"),
            models.Index(fields=["project", "exchange_id", "-id"], name="replay_exchange"),
            models.Index(fields=["project", "-id"], name="replay_single", condition=models.Q(run=None)),
            models.Index(
                fields=["project", "result_exchange_id"],
                name="replay_result",
                condition=models.Q(result_exchange_id__isnull=False),
            ),
        ]

    def __str__(self):
        return f"replay {self.pk}"

    def save(self, **options):
        """A run's replay is packed on its way into the database, and stays whole here."""
        if self.run_id is None or options.get("update_fields") is not None:
            super().save(**options)
            return
        whole = packing.pack(self)
        try:
            super().save(**options)
        finally:
            packing.restore(self, whole)

    @classmethod
    def from_db(cls, *args, **options):
        row = super().from_db(*args, **options)
        if row.__dict__.get("packed"):
            packing.unpack(row)
        return row


class Run(models.Model):
    """A selection of logged calls sent again as a job. What became of each call is its Item.

    ``selection`` is what was chosen, as the query string that chooses it again. ``options`` are
    runs.options.Options as JSON. ``groups`` are what changed, by number (runs/grouping.py). ``counts`` is kept when the
    run is over; before, the items are counted. ``sealed`` is a header typed in for this run; it goes when the run ends.
    ``parent`` is the run whose calls these are, once more. ``left_out`` counts what was chosen and cannot be sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    project = models.ForeignKey(Project, models.CASCADE, related_name="runs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="runs")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="reruns")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="runs")
    created = models.DateTimeField(auto_now_add=True)
    begun = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    target = models.CharField(max_length=2000, default="live")
    selection = models.TextField(blank=True)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    groups = models.JSONField(default=list)
    left_out = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="run_newest")]

    def __str__(self):
        return f"run {self.pk}"

    @property
    def over(self) -> bool:
        """Whether nothing more will be sent."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def public_id(self) -> str:
        """The id as the API has it: single replays are numbers."""
        return f"run_{self.pk}"


class Item(models.Model):
    """One call of a run. ``sent`` is written before the call leaves: after a kill nobody sends it blindly again.

    ``n`` is its place in the selection. ``groups`` are the numbers of what changed, each between blanks. ``reason``
    says why it was refused, skipped or not sent again.
    """

    class State(models.TextChoices):
        READY = "ready"
        SENT = "sent"
        DONE = "done"
        REFUSED = "refused"
        SKIPPED = "skipped"
        UNKNOWN = "unknown"
        FAILED = "failed"

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    n = models.PositiveIntegerField()
    exchange_id = models.BigIntegerField()
    conversation = models.CharField(max_length=120, blank=True)
    operation_id = models.TextField(blank=True)
    method = models.CharField(max_length=16)
    path = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed = models.DateTimeField(null=True)
    replay = models.ForeignKey(Replay, models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    groups = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "n"]
        constraints = [models.UniqueConstraint(fields=["run", "n"], name="item_once")]
        indexes = [models.Index(fields=["run", "state", "verdict", "n"], name="item_state")]

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def public_exchange(self) -> str:
        """The logged call's id as URLs carry it."""
        from actionstudio.apps.traffic.models import Exchange

        return Exchange(pk=self.exchange_id).public_id

    @property
    def sent(self) -> bool:
        """Whether an answer, or none, came back for it."""
        return self.replay_id is not None


from actionstudio.apps.replay.suites.models import Case, IgnoreRule, Outcome, Suite, SuiteRun  # noqa: E402, F401
