from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0014_invented_people_are_none"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="card",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="seat",
            name="printed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
