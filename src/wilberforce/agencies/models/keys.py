"""Keys in persons' hands: a key pair for each member who needs one, and the letterboxes wrapped to it.

Nothing here opens by itself: every private half is shut under something that this server does not keep.
"""

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id

from .people import Agency, Membership, SignedIn


class OwnKey(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="own_key")
    public = models.TextField()
    made_at = models.DateTimeField(default=clock.now)


class Unlocking(models.Model):
    """One way in which its owner opens it: something that they type, or a passkey's own secret."""

    class Way(models.TextChoices):
        PASSPHRASE = "passphrase", "a passphrase"
        PASSKEY = "passkey", "a passkey"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="ways")
    way = models.CharField(max_length=10, choices=Way)
    salt = models.BinaryField()
    credential = models.BinaryField(default=bytes)
    box = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint("key", condition=Q(way="passphrase"), name="own_key_one_passphrase"),)


class HeldLetterbox(models.Model):
    """Where one class of one agency is posted to: the newest is posted to, the earlier ones open what they hold.

    ``lock`` is the public half of the lock to which ``recovery`` is sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    data_class = models.CharField(max_length=20)
    public = models.TextField()
    began_at = models.DateTimeField(default=clock.now)
    lock = models.TextField(blank=True)
    recovery = models.BinaryField(default=bytes)

    class Meta:
        indexes = (models.Index(fields=["agency", "data_class", "-began_at"], name="held_letterbox_newest"),)


class Wrap(models.Model):
    """A letterbox's private half, for one person alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letterbox = models.ForeignKey(HeldLetterbox, on_delete=models.PROTECT, related_name="wraps")
    key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="wraps")
    box = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint("letterbox", "key", name="wrap_once"),)


class OpenKey(models.Model):
    """For one sitting, under a secret that only the browser's cookie holds."""

    sitting = models.OneToOneField(SignedIn, on_delete=models.CASCADE, primary_key=True, related_name="open_key")
    key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="open_at")
    box = models.BinaryField()


class KeysAsked(models.Model):
    """One guardian asks that a class's keys go into its readers' hands, and another says yes. What was told
    before goes over with the next rotation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    data_class = models.CharField(max_length=20)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    second = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    taken_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("by")), name="keys_of_two_guardians"),
            models.UniqueConstraint("agency", "data_class", name="keys_asked_once"),
        )
