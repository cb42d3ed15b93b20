"""Where the Act excuses the notice, and who had it for a child or an adult who can't decide."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

import wilberforce.base.sealed

GROUNDS = [
    ("practicable", "Giving it is not reasonably practicable"),
    ("interfere", "It might interfere with preventing, detecting, investigating or prosecuting crime"),
    ("harm", "It might put them or somebody else at risk of serious harm"),
]
GIVEN_TO = [
    ("person", "The person themselves"),
    ("parent", "A parent or guardian of theirs"),
    ("carer", "Somebody for the council or the organisation that cares for them"),
    ("adult", "Another adult, because none of these could be had"),
]
REFUSALS = [
    ("line", "It does not follow a reasonable line of enquiry"),
    ("needed", "It is not needed, or can be had in another way"),
    ("too wide", "It asks for more than the case needs"),
    ("counselling", "It asks for counselling records, which are presumed out of reach"),
    ("notice", "The notice has to be given first, and whole"),
    ("harm", "It would harm the person"),
    ("not answerable", "We can't answer this request"),
]
FIELDS = {
    "notice_form": models.CharField(
        choices=[
            ("whole", "They are given it as it stands below"),
            ("part", "They are given it, and it leaves something out"),
            ("none", "They are not given it for now"),
        ],
        db_default="whole",
        default="whole",
        max_length=10,
    ),
    "ground": models.CharField(blank=True, choices=GROUNDS, db_default="", default="", max_length=20),
    "ground_why": wilberforce.base.sealed.SealedField(blank=True, null=True),
    "excused_by": models.UUIDField(blank=True, null=True),
    "excused_at": models.DateTimeField(blank=True, null=True),
    "notice_may_at": models.DateTimeField(blank=True, help_text="the reason against the notice is over", null=True),
    "given_to": models.CharField(blank=True, choices=GIVEN_TO, db_default="", default="", max_length=10),
    "given_because": models.CharField(
        blank=True,
        choices=[
            ("child", "They are under 18, or may be"),
            ("capacity", "They are an adult who can't decide this now"),
        ],
        db_default="",
        default="",
        max_length=10,
    ),
    "given_who": wilberforce.base.sealed.SealedField(blank=True, null=True),
}
CHECKS = {
    "victim_request_notice_before_choice": Q(chosen_at=None)
    | Q(expires_at__isnull=False) & (Q(noticed_at__isnull=False) | Q(excused_at__isnull=False)),
    "victim_request_excused_by_the_act": Q(excused_at=None) | Q(notice_form="none", senior_at__isnull=False),
    "victim_request_exception_has_a_ground": Q(notice_form="whole", ground="")
    | ~Q(notice_form="whole") & ~Q(ground=""),
    "victim_request_given_for_them": Q(given_to__in=("", "person")) | ~Q(given_because=""),
}


def _added(name: str, field: Any) -> Any:
    add = migrations.AddField("victimrequest", name, field)
    if not isinstance(field, wilberforce.base.sealed.SealedField):
        return add
    # A sealed column can't be filled by the database, so it begins empty.
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"ALTER TABLE sharing_victimrequest ADD COLUMN {name} bytea",
                f"ALTER TABLE sharing_victimrequest DROP COLUMN {name}",
            )
        ],
        [add],
    )


class Migration(migrations.Migration):
    dependencies = [("sharing", "0025_words_of_a_victim_request_are_sealed")]

    operations = [
        migrations.RemoveConstraint("victimrequest", "victim_request_notice_before_choice"),
        migrations.AlterField(
            "victimrequest", "refusal", models.CharField(blank=True, choices=REFUSALS, max_length=20)
        ),
        *(_added(name, field) for name, field in FIELDS.items()),
        *(
            migrations.AddConstraint("victimrequest", models.CheckConstraint(condition=check, name=name))
            for name, check in CHECKS.items()
        ),
    ]
