"""Names of cookies."""

from django.conf import settings


def host_only(cookie: str) -> str:
    """Over https the browser itself refuses such a cookie from a neighbouring host, for a path or without TLS."""
    return f"__Host-{cookie}" if settings.SESSION_COOKIE_SECURE else cookie
