"""Chinese digits as ASCII ones."""

DIGITS = tuple(zip("〇零一二两俩三四五六七八九", "0012223456789", strict=True))


def han_as_digits(text: str) -> str:
    """The text with ASCII digits. `str.translate` would look up every character, which takes a hundred times as long."""
    for han, digit in DIGITS:
        text = text.replace(han, digit)
    return text
