"""Web addresses, e-mail addresses, phone numbers and messenger handles give way to one token each, so that nobody's data is learnt.

The masks of public data (`#URL_...#`, `#EMAIL#`, `#PHONE#`) become the same tokens. Candidates are found over whole arrays; only the few
that there are get looked at one by one, each within its own bounded stretch of text.
"""

from collections.abc import Iterator

import numpy as np

from model.folding import runs
from model.stream import Edit, Stream, apart, text_of
from model.tables import BREAK, EMAIL, HANDLE, PHONE, URL

LONGEST_CHUNK = 500
EDGES = "()[]{}<>\"'.,;:!?*«»“”‘’、。，！？…|"
DOMAINS = frozenset(
    "com net org info biz app dev site shop online club work jobs xyz top vip cc me io co ai tv ly gl gg link live page store tech example test "
    "uk us ca au nz in pk bd lk np my sg id ph th vn kh la mm cn hk tw jp kr ru ua kz br pt es mx ar pe cl fr de it nl be ch at pl ro cz se no fi dk "
    "gr tr ae sa qa kw om bh eg ma ke ug tz rw ng gh et za zw zm na mz ao eu int edu gov".split()
)
MASKS = {"url": URL, "email": EMAIL, "phone": PHONE}
MESSENGERS = ("t.me/", "wa.me/", "line.me/", "telegram.me/", "m.me/", "viber.click/", "zalo.me/", "chat.whatsapp.com/", "api.whatsapp.com/", "discord.gg/", "open.kakao.com/")
FEWEST_DIGITS, MOST_DIGITS = 8, 15
PHONE_MARKS = "+-(). /"


def masked(stream: Stream) -> Stream:
    """The stream with every contact replaced by its token."""
    return stream.edited(apart([*chunks(stream), *phones(stream)]))


def chunks(stream: Stream) -> Iterator[Edit]:
    """Edits for the stretches between white space that hold an address, a handle or a mask."""
    codes = stream.codes
    telling = np.flatnonzero((codes == ord("@")) | (codes == ord("/")) | (codes == ord("#")) | inner_dots(stream))
    if not len(telling):
        return
    spaces = np.flatnonzero((codes == 32) | (codes == BREAK) | ((codes >= 9) & (codes <= 13)) | (codes == 0xA0) | (codes == 0x3000))
    for k in np.unique(np.searchsorted(spaces, telling)).tolist():
        start = int(spaces[k - 1]) + 1 if k else 0
        end = int(spaces[k]) if k < len(spaces) else len(codes)
        if end - start <= LONGEST_CHUNK:
            yield from in_chunk(text_of(codes[start:end]), start)


def inner_dots(stream: Stream) -> np.ndarray:  # type: ignore[type-arg]  # bool, shape of the stream
    """Dots between two lower-case ASCII letters or digits."""
    codes = stream.codes
    out = codes == ord(".")
    plain = ((codes >= 97) & (codes <= 122)) | ((codes >= 48) & (codes <= 57))
    out[0] = out[-1] = False
    out[1:-1] &= plain[:-2] & (codes[2:] >= 97) & (codes[2:] <= 122)
    return np.asarray(out)


def in_chunk(chunk: str, at: int) -> Iterator[Edit]:
    """Edits for one stretch without white space; `at` is where it begins in the stream."""
    if "#" in chunk:
        found = list(masks(chunk, at))
        if found:
            yield from found
            return
    left = len(chunk) - len(chunk.lstrip(EDGES))
    body = chunk.strip(EDGES)
    code = contact_kind(body)
    if code:
        yield at + left, at + left + len(body), (32, code, 32)
        return
    for separator in ":：":
        head, _, tail = body.rpartition(separator)
        if head and contact_kind(tail) and "//" not in body:
            yield at + left + len(head) + 1, at + left + len(body), (32, contact_kind(tail), 32)
            return


def masks(chunk: str, at: int) -> Iterator[Edit]:
    """`#URL_<hash>#` and its like, also where text is glued to them."""
    pieces = chunk.split("#")
    place = at + len(pieces[0])
    for piece in pieces[1:]:
        word = piece.partition("_")[0]
        end = place + 1 + len(piece)
        if word in MASKS:
            closed = 1 if end - at < len(chunk) else 0
            yield place, end + closed, (32, MASKS[word], 32)
        place = end


def contact_kind(body: str) -> int:
    """Token for this stretch of text, 0 where it is no contact."""
    if body.startswith("@") and body[1:].replace("_", "").replace(".", "").isalnum():
        return HANDLE
    name, at, host = body.partition("@")
    if at and name and is_host(host.partition("/")[0]):
        return EMAIL
    bare = body.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    if bare.startswith(MESSENGERS):
        return HANDLE
    if bare != body or is_host(bare.partition("/")[0].partition("?")[0]):
        return URL
    return 0


def is_host(host: str) -> bool:
    """Whether this looks like a domain name that people use."""
    labels = host.partition(":")[0].split(".")
    return len(labels) > 1 and labels[-1] in DOMAINS and all(label.replace("-", "").isalnum() and label.isascii() for label in labels)


def phones(stream: Stream) -> Iterator[Edit]:
    """Edits for runs of digits and phone punctuation that read like a phone number and not like pay or years."""
    codes = stream.codes
    digit = (codes >= 48) & (codes <= 57)
    if np.count_nonzero(digit) < FEWEST_DIGITS:
        return
    mask = digit | np.isin(codes, [ord(c) for c in PHONE_MARKS])
    first, last = runs(mask)
    counts = np.add.reduceat(digit.astype(np.int32), first) if len(first) else first
    # reduceat sums up to the next run; the gap holds no digit, so the sum is the run's own
    for i, j in zip(first[counts >= FEWEST_DIGITS].tolist(), last[counts >= FEWEST_DIGITS].tolist(), strict=True):
        written = text_of(codes[i : j + 1])
        left = len(written) - len(written.lstrip(" .-/)"))
        body = written[left:].rstrip(" .-/(+")
        if is_phone(body):
            yield i + left, i + left + len(body), (32, PHONE, 32)


def is_phone(body: str) -> bool:
    """Whether digits and punctuation read like a phone number."""
    digits = sum(c.isdigit() for c in body)
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        return False
    if body[0] in "+(" or body.startswith("00"):
        return True
    groups = body.replace("-", " ").replace("/", " ").replace(".", " ").split()
    thousands = len(groups) > 1 and all(len(g) == 3 for g in groups[1:]) and len(groups[0]) <= 3 and body[0] != "0"
    years = all(len(g) == 4 and g[:2] in ("19", "20") for g in groups)
    spread = " - " in body or ". " in body
    return not (thousands or years or spread or (len(groups) == 1 and body.endswith("000")) or any(len(g) < 2 for g in groups))
