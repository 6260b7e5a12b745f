"""Which language an advert is in, by CLD2 over its first characters."""

import pycld2

from model.advert import Advert

ENOUGH = 300
SPACES = bytes(32 if b < 32 or b == 127 else b for b in range(256))
UNKNOWN = "und"
ALIKE = {"iw": "he", "jw": "jv", "zh-Hant": "zh", "no": "nb", "fil": "tl"}


def language_of(advert: Advert) -> str:
    """ISO 639-1 code, `und` where CLD2 cannot tell."""
    own = [text[:ENOUGH] for name, text in advert.parts if name not in advert.composed]
    text = own[0] if len(own) == 1 else " ".join(own)[:ENOUGH]
    try:
        # CLD2 refuses control characters and cannot take lone surrogates
        _, _, details = pycld2.detect(text.encode("utf-8", "ignore").translate(SPACES))
    except pycld2.error:
        return UNKNOWN
    code = details[0][1]
    return UNKNOWN if code == "un" else ALIKE.get(code, code)
