"""A picture as it may be shown to anybody: only its pixels, of a size that a telephone can load.

What a camera writes beside the pixels (the place, the moment, the owner, a small copy from before it was cut) is left
behind, because the picture is drawn anew and nothing else is carried over.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from wilberforce.base.errors import RuleBroken

FORMATS = ("JPEG", "PNG", "WEBP")
BYTES_AT_MOST = 10 * 1024 * 1024
PIXELS_AT_MOST = 25_000_000
"""More is refused before a pixel is unpacked: a few kilobytes can claim to be a picture that fills the memory."""
SIDE_AT_MOST = 1600
QUALITY = 82

TOO_LARGE = "The picture is larger than 10 MB. Make it smaller, then try again."
TOO_MANY_PIXELS = "The picture has more than 25 million pixels. Make it smaller, then try again."
NO_PICTURE = "This file can't be read as a picture. Choose a JPEG, PNG or WebP file."


@dataclass(frozen=True, slots=True)
class Drawn:
    jpeg: bytes
    width: int
    height: int


def drawn_anew(raw: bytes) -> Drawn:
    """Raises RuleBroken for what is no picture, or too large a one."""
    if len(raw) > BYTES_AT_MOST:
        raise RuleBroken(TOO_LARGE, field="picture")
    try:
        pixels = _pixels(raw)
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise RuleBroken(TOO_MANY_PIXELS, field="picture") from bomb
    except Exception as unreadable:  # a decoder fails on a made-up file in more ways than it documents
        raise RuleBroken(NO_PICTURE, field="picture") from unreadable
    made = BytesIO()
    pixels.save(made, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Drawn(made.getvalue(), *pixels.size)


def _pixels(raw: bytes) -> Image.Image:
    with Image.open(BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS_AT_MOST:
            raise RuleBroken(TOO_MANY_PIXELS, field="picture")
        opened.draft("RGB", (SIDE_AT_MOST, SIDE_AT_MOST))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((SIDE_AT_MOST, SIDE_AT_MOST))
        flat = _on_white(upright)
    return Image.frombytes("RGB", flat.size, flat.tobytes())


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")
