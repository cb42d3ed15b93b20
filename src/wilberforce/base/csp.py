"""What a browser may load and do on our pages: our own files, nothing inline, nobody else's."""

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY: dict[str, object] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}


def policy(stream: str = "") -> dict[str, object]:
    """``stream``: where changes are told, if that is not an address of our own."""
    directives: dict[str, list[str]] = {**CONTENT_SECURITY_POLICY["DIRECTIVES"]}  # type: ignore[dict-item]
    return {"DIRECTIVES": directives | {"connect-src": [SELF, *filter(None, [stream])]}}


# "no-referrer" makes browsers send "Origin: null", and then every form is refused as forged.
SECURE_REFERRER_POLICY = "same-origin"

PERMISSIONS = "Permissions-Policy"
NEVER_USED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)


def permissions(**allowed: str) -> str:
    """What of a machine a page may use: nothing, but for what it says itself."""
    return ", ".join(f"{name}={allowed.get(name, '()')}" for name in NEVER_USED)
