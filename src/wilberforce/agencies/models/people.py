"""Organisations, the people who work in them, what they may hold, and how they are signed in."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.words import spoken


class People(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def join(self, email: str, name: str, password: str | None) -> "User":
        """A password of None makes an account that no password opens."""
        person = self.model(email=email.strip().lower(), display_name=name.strip())
        person.set_password(password)
        person.save(using=self._db)
        return person


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField("work e-mail", unique=True)
    display_name = models.CharField("name", max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = People()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_small_letters"),)

    def __str__(self) -> str:
        return self.display_name


class Agency(models.Model):
    """``kind`` is the matrix's word: two forces are two agencies of one kind.

    ``ends`` is the first day on which it no longer acts; a successor takes over on that day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40)
    code = models.SlugField(max_length=20, unique=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        verbose_name_plural = "agencies"
        constraints = (
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=F("starts")), name="agency_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.name

    def acting_on(self, day: date) -> "Agency | None":
        """This agency or whichever has taken over from it by that day."""
        if self.ends is None or day < self.ends:
            return self
        return self.successor.acting_on(day) if self.successor else None


def not_over(now: datetime) -> Q:
    """Of what has an end, or none."""
    return Q(ends=None) | Q(ends__gt=now)


class MembershipQuery(models.QuerySet["Membership"]):
    def live(self, now: datetime) -> "MembershipQuery":
        today = clock.in_london(now).date()
        return self.filter(
            not_over(now),
            Q(agency__ends=None) | Q(agency__ends__gt=today),
            starts__lte=now,
            agency__starts__lte=today,
            user__is_active=True,
        )

    def with_roles(self, now: datetime) -> "MembershipQuery":
        """``membership.live_roles`` is a list, for pages that show several people."""
        held = RoleHeld.objects.filter(not_over(now), starts__lte=now).order_by("role")
        roles = models.Prefetch("roles_held", held, to_attr="live_roles")
        ordered = self.live(now).select_related("user", "agency").prefetch_related(roles)
        return ordered.order_by("agency__name", "user__display_name")

    def holding(self, role: str, now: datetime, *or_else: str) -> "MembershipQuery":
        held = RoleHeld.objects.filter(not_over(now), role__in=[role, *or_else], starts__lte=now)
        return self.live(now).filter(pk__in=held.values("membership"))


class Vetting(models.IntegerChoices):
    NONE = 0, "not vetted"
    STANDARD = 1, "standard"
    ENHANCED = 2, "enhanced"
    DEVELOPED = 3, "developed"


class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    starts = models.DateTimeField(default=clock.now)
    ends = models.DateTimeField(null=True, blank=True)
    vetting = models.PositiveSmallIntegerField(choices=Vetting, default=Vetting.NONE)
    clinician_checked_on = models.DateField(null=True, blank=True)

    objects = MembershipQuery.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(vetting__lte=3), name="membership_vetting_known"),
            models.UniqueConstraint("user", "agency", condition=Q(ends=None), name="membership_one_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.agency.short_name})"


class RoleHeld(models.Model):
    """The database refuses a role that the agency's kind may not hold. A later end begins it anew, so that the earlier
    one stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=40)
    starts = models.DateTimeField(default=clock.now)
    ends = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why_ended = models.CharField(max_length=300, blank=True, help_text="or why it ends sooner, or begins anew")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="role_ends_after_start"),
            models.UniqueConstraint("membership", "role", condition=Q(ends=None), name="role_held_once"),
        )

    def __str__(self) -> str:
        return spoken(self.role)


class Device(models.Model):
    """A tablet, phone or computer that a guardian enrolled for one person.

    Until the person opens it with the code there is no posture, so it counts for nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="devices")
    token_hash = models.BinaryField(unique=True)
    label = models.CharField(max_length=80)
    enrolled_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    enrolled_at = models.DateTimeField(default=clock.now)
    posture_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class SignedIn(models.Model):
    """One sitting at one browser: what the database asks before it answers anything."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session_key_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sittings")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="sittings")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_in_at = models.DateTimeField(default=clock.now)
    stepped_up_at = models.DateTimeField(null=True, blank=True)
    second_factor = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index("membership", condition=Q(ended_at=None), name="signed_in_live"),)


class Invitation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField("work e-mail")
    roles = ArrayField(models.CharField(max_length=40))
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token_hash = models.BinaryField(unique=True)
    expires = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Wanted(models.TextChoices):
    ROLE = "role", "a role"
    WAY_BACK = "way_back", "a way back into the account"


class SecondYes(models.Model):
    """What one guardian asks for a colleague and another guardian answers. Neither is ever the colleague."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="waiting_for_two")
    wanted = models.CharField(max_length=10, choices=Wanted)
    role = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField(null=True, blank=True, help_text="the end of the role, if it has one")
    why = models.CharField(max_length=300, blank=True, help_text="why a role that they hold begins anew")
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    yes = models.BooleanField(default=False)
    token_hash = models.BinaryField(null=True, unique=True)
    expires = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(asked_by=F("membership")) & (Q(answered_by=None) | ~Q(answered_by=F("asked_by"))),
                name="second_yes_of_another",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("membership")), name="second_yes_never_ones_own"
            ),
            models.UniqueConstraint(
                "membership", "wanted", "role", condition=Q(answered_at=None), name="second_yes_asked_once"
            ),
        )

    def __str__(self) -> str:
        return spoken(self.role) if self.wanted == Wanted.ROLE else Wanted.WAY_BACK.label


class Shift(models.Model):
    """One stretch of duty at one place: a centre by its id, a custody suite or a duty desk by its agency's id.

    A plan alone opens nothing: the person signs in to it, and out of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="shifts")
    place_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    part = models.SlugField(max_length=20, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True, blank=True)
    signed_out_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_start"),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | Q(signed_in_at=None), name="shift_begun_is_not_called_off"
            ),
            models.CheckConstraint(
                condition=Q(ends__lte=F("starts") + timedelta(hours=16)), name="shift_of_sixteen_hours_at_most"
            ),
            models.CheckConstraint(
                condition=Q(signed_out_at=None) | Q(signed_out_at__gte=F("signed_in_at")),
                name="shift_out_after_in",
            ),
            models.UniqueConstraint(
                "membership",
                condition=Q(signed_in_at__isnull=False, signed_out_at=None),
                name="shift_one_at_a_time",
            ),
        )
        indexes = (models.Index("place_id", "starts", name="shift_place"),)
