"""What every process must know at once and nobody needs tomorrow: used one-time codes, counted attempts."""

from django.db import migrations

CACHE = """
CREATE UNLOGGED TABLE web_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX web_cache_expires ON web_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CACHE, "DROP TABLE web_cache")]
