"""Web addresses, e-mail addresses, phone numbers and messenger handles give way to one token each, so that nobody's data is learnt.

The masks of public data (`#URL_...#`, `#EMAIL#`, `#PHONE#`) become the same tokens. The kernel finds candidates; only the few
that there are get looked at one by one, each within its own bounded stretch of text.
"""

from collections.abc import Iterator, Sequence

from model.native import candidates
from model.stream import Edit, Stream, apart, text_of
from model.tables import EMAIL, HANDLE, PHONE, URL

EDGES = "()[]{}<>\"'.,;:!?*«»“”‘’、。，！？…|"
DOMAINS = frozenset(
    """
    com net org info biz app dev site shop online club work jobs xyz top vip cc me io co ai tv ly gl gg link live page store
    tech example test uk us ca au nz in pk bd lk np my sg id ph th vn kh la mm cn hk tw jp kr ru ua kz br pt es mx ar pe cl
    fr de it nl be ch at pl ro cz se no fi dk gr tr ae sa qa kw om bh eg ma ke ug tz rw ng gh et za zw zm na mz ao eu int
    edu gov
    """.split()
)
MASKS = {"url": URL, "email": EMAIL, "phone": PHONE}
MESSENGERS = tuple(
    """
    t.me/ wa.me/ line.me/ telegram.me/ m.me/ viber.click/ zalo.me/ chat.whatsapp.com/ api.whatsapp.com/ discord.gg/ open.kakao.com/
    """.split()
)
FEWEST_DIGITS, MOST_DIGITS = 8, 15
PHONE_MARKS = "+-(). /"


def masked(stream: Stream) -> Stream:
    """The stream with every contact replaced by its token."""
    stretches, crowds = candidates.find_chunks(stream.codes), candidates.find_crowded(stream.codes)
    if not len(stretches) and not len(crowds):
        return stream
    text = text_of(stream.codes)
    edits = [edit for start, end in stretches.tolist() for edit in in_chunk(text[start:end], start)]
    return stream.edited(apart([*edits, *phones(text, crowds[:, 0].tolist())]))


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
    if "/" in bare and bare.startswith(MESSENGERS):
        return HANDLE
    if bare != body or is_host(bare.partition("/")[0].partition("?")[0]):
        return URL
    return 0


def is_host(host: str) -> bool:
    """Whether this looks like a domain name that people use."""
    labels = host.partition(":")[0].split(".")
    return len(labels) > 1 and labels[-1] in DOMAINS and all(label.replace("-", "").isalnum() and label.isascii() for label in labels)


def phones(text: str, digits: Sequence[int]) -> Iterator[Edit]:
    """Edits for runs that read like a phone number and not like pay or years; `digits` are places of digits that may begin one."""
    done = 0
    for i in digits:
        if i < done:
            continue
        start, end = i, i
        while start > done and text[start - 1] in PHONE_MARKS:
            start -= 1
        while end < len(text) and (text[end].isdigit() or text[end] in PHONE_MARKS):
            end += 1
        done = end
        left = len(text[start:end]) - len(text[start:end].lstrip(" .-/)"))
        body = text[start + left : end].rstrip(" .-/(+")
        if is_phone(body):
            yield start + left, start + left + len(body), (32, PHONE, 32)


def is_phone(body: str) -> bool:
    """Whether digits and punctuation read like a phone number."""
    digits = sum(c.isdigit() for c in body)
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        return False
    if body[0] in "+(" or body.startswith("00"):
        return True
    groups = body.replace("-", " ").replace("/", " ").replace(".", " ").split()
    thousands = len(groups) > 1 and all(len(g) == 3 for g in groups[1:]) and len(groups[0]) <= 3 and body[0] != "0"
    span = len(groups) == 2 and body[0] != "0" and (all(len(g) == 4 for g in groups) or all(g.endswith("00") for g in groups))
    spread = " - " in body or ". " in body
    return not (thousands or span or spread or (len(groups) == 1 and body.endswith("000")) or any(len(g) < 2 for g in groups))
