"""Conversations as counted from the log, how far the counting is, and what people pasted of ChatGPT's own text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

KIND_NAMES = {
    "id": _("Conversation"),
    "user": _("One user of the GPT"),
    "person": _("Somebody signed in"),
    "client": _("One client"),
}


class Conversation(models.Model):
    """Calls that belong together. Made of the log alone: deleted and counted again, it is the same, ``key`` included.

    ``actor`` says with whom (grouping.py). One with an openai-conversation-id is whole, however long it pauses; others
    end after a pause. Counters speak of the calls of others to the address; callbacks are counted on their own.
    """

    id = models.BigAutoField(primary_key=True)
    project_id = models.BigIntegerField()
    key = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    conversation_id = models.CharField(max_length=120, default="")
    gpt_id = models.CharField(max_length=120, default="")
    user_id = models.CharField(max_length=120, default="")  # ChatGPT's ephemeral one
    person = models.CharField(max_length=36, default="")  # sub of the end user who had signed in
    who = models.CharField(max_length=254, default="")  # their name then
    client = models.CharField(max_length=64, default="")
    key_id = models.BigIntegerField(null=True)
    sign_ins = models.JSONField(default=list)  # Exchange.sign_in of its calls
    revisions = models.JSONField(default=list)  # which versions answered
    first_id = models.BigIntegerField()  # exchanges
    last_id = models.BigIntegerField()
    calls = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    callbacks = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project_id", "key"], name="conversation_key")]
        indexes = [
            models.Index(fields=["project_id", "last_id"], name="conversation_newest"),
            models.Index(fields=["project_id", "actor", "last_id"], name="conversation_actor"),
            models.Index(fields=["project_id", "user_id", "last_id"], name="conversation_user"),
            models.Index(fields=["project_id", "person", "last_id"], name="conversation_person"),
        ]

    def __str__(self):
        return self.key

    @property
    def kind_name(self):
        """What holds it together, in the reader's language."""
        return KIND_NAMES.get(self.kind, self.kind)


class Counted(models.Model):
    """Up to which exchange conversations are counted. It moves in the transaction that writes the counters, so that
    whatever is killed in between, a call is counted once."""

    name = models.CharField(max_length=20, primary_key=True)
    upto = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.upto}"


class DebugText(models.Model):
    """What somebody copied out of ChatGPT about a conversation, with secrets masked as in the log."""

    id = models.BigAutoField(primary_key=True)
    project_id = models.BigIntegerField()
    key = models.CharField(max_length=40)  # Conversation.key: the text outlives a new count
    text = models.TextField()
    author = models.CharField(max_length=150, default="")
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project_id", "key"], name="debug_text_key")]

    def __str__(self):
        return self.key
