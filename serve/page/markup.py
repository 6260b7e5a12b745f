"""HTML of a file as the plain text that a reader sees, in one pass over it."""

import html

BLOCKS = frozenset("address article br dd div dl dt h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split())
UNREAD = frozenset(["script", "style", "head", "template", "noscript"])
LONGEST_NAME = 12
LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})
"""Lower case that keeps every place."""


def text_of_html(source: str) -> str:
    """Text outside tags, entities resolved, a line for every block; what is never closed is dropped."""
    lower = source.translate(LOWER)
    out: list[str] = []
    at = 0
    while (tag := source.find("<", at)) >= 0:
        out.append(source[at:tag])
        if not is_tag(lower, tag):
            out.append("<")
            at = tag + 1
            continue
        at = past(lower, tag)
        if name_of(lower, tag).lstrip("/") in BLOCKS:
            out.append("\n")
    out.append(source[at:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(out)).splitlines())
    return "\n".join(line for line in lines if line)


def is_tag(lower: str, tag: int) -> bool:
    """Whether the `<` there begins a tag, a comment or a declaration."""
    following = lower[tag + 1 : tag + 2]
    return following in ("/", "!", "?") or ("a" <= following <= "z")


def past(lower: str, tag: int) -> int:
    """Where the tag ends; for what nobody reads, where its content ends."""
    mark, name = ("-->", "") if lower.startswith("<!--", tag) else (">", name_of(lower, tag))
    if name in UNREAD:
        closing = lower.find(f"</{name}", tag)
        tag = closing if closing >= 0 else len(lower)
    end = lower.find(mark, tag)
    return end + len(mark) if end >= 0 else len(lower)


def name_of(lower: str, tag: int) -> str:
    """Name of a tag, with its slash where it closes."""
    head = lower[tag + 1 : tag + 1 + LONGEST_NAME]
    name = head.replace("/", " /", 1).split(maxsplit=1) if not head.startswith("/") else head.split(maxsplit=1)
    return name[0].partition(">")[0] if name else ""
