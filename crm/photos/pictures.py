"""Making a small square of whatever picture somebody sends; what else it carried is left behind."""

from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MEDIA_TYPE = "image/webp"
SIDE = 256
LARGEST = 10 * 2**20
# A small file may unfold into a huge picture.
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WHITE = (255, 255, 255)
TOO_LARGE = _("A photo may have up to 10 MB and 50 million pixels.")
NO_PICTURE = _("This is no picture we can read. Use a JPEG, PNG, WebP or GIF file.")


def square_of(source: BinaryIO) -> bytes:
    """Return the middle of the picture as a small square, upright, without place or camera.

    ValidationError for what is too large or no picture, whatever its name says.
    """
    content = source.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValidationError({"photo": TOO_LARGE})
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError({"photo": TOO_LARGE})
            return _drawn(picture)
    except ValidationError:
        raise
    # Broken files make the decoders fail in many ways; all of them mean the same.
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError({"photo": NO_PICTURE}) from error


def _drawn(picture: Image.Image) -> bytes:
    # Decodes a large photograph at a fraction of its size.
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    small = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    opaque = Image.new("RGB", small.size, WHITE)
    opaque.paste(small, mask=small.getchannel("A"))
    written = BytesIO()
    opaque.save(written, "WEBP", quality=85)
    return written.getvalue()
