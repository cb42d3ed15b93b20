"""What is kept: one leaf for each thing read, written, refused or disclosed. No name, no text, no address."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base.clock import now
from wilberforce.base.ids import new_id


class Leaf(models.Model):
    """Written once, in the transaction of what it records; nobody holds the right to change it.

    The table also keeps ``xact``, the transaction's own number (the sequencer claims leaves by it).
    """

    data_class = "audit"

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField(default=now)
    request = models.UUIDField()
    op = models.CharField(max_length=20)
    actor = models.UUIDField(null=True, help_text="keyed pseudonym of the membership")
    controller_id = models.UUIDField(null=True, help_text="the actor's agency")
    kind = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    purpose = models.CharField(max_length=30)
    subject_class = models.CharField(max_length=20)
    action = models.CharField(max_length=1)
    projection = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    policy = models.CharField(max_length=16)
    allowed = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    recipient_id = models.UUIDField(null=True)
    objects_seen = ArrayField(models.UUIDField(), default=list, help_text="keyed pseudonyms")

    class Meta:
        db_table = "ledger_leaf"
        indexes = [models.Index(fields=["controller_id", "-at"], name="ledger_leaf_agency_at")]


class Once(models.Model):
    """A form's token and the address that answered it, so that a double click acts once."""

    token = models.UUIDField(primary_key=True)
    membership_id = models.UUIDField(null=True)
    answer = models.CharField(max_length=300)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "ledger_once"


class Position(models.Model):
    """Where a leaf stands in the tree. Only the sequencer adds one; nobody changes one."""

    position = models.BigIntegerField(primary_key=True)
    leaf_id = models.UUIDField(unique=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_position"


class Node(models.Model):
    """A complete subtree's hash, above the leaves."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_node"


class Checkpoint(models.Model):
    """What was signed of the tree: its size and its root, as a note that anybody may hold."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        db_table = "ledger_checkpoint"


class Cosignature(models.Model):
    """A partner agency's witness saw this checkpoint grow out of the one that it saw before."""

    id = models.UUIDField(primary_key=True, default=new_id)
    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    at = models.DateTimeField()
    line = models.TextField()

    class Meta:
        db_table = "ledger_cosignature"
        indexes = [models.Index(fields=["size", "witness"], name="ledger_cosignature_size")]
