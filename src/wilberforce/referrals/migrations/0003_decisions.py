from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="nrmform",
            name="conclusive",
            field=models.CharField(
                blank=True, choices=[("positive", "Positive"), ("negative", "Negative")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="nrmform",
            name="conclusive_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="nrmform",
            name="grounds",
            field=models.CharField(
                blank=True, choices=[("positive", "Positive"), ("negative", "Negative")], max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="nrmform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("conclusive_at", None),
                    models.Q(("conclusive_at__gte", models.F("grounds_at")), ("grounds", "positive")),
                    _connector="OR",
                ),
                name="form_concluded_after_positive_grounds",
            ),
        ),
    ]
