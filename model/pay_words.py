"""How pay is written: the words of `seeds/pay.yaml` at and around a number, and the numbers of one advert."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from model.han import han_as_digits

Fold = Callable[[str], str]
Seeds = Mapping[str, Any]
DIGITS = bytes(49 if 48 <= b <= 57 else 32 for b in range(256))
DIGIT = 49
KEY, FOREIGN_SHARE = 6, 8
PARTS = frozenset(",.'’٬٫ ")
SPACES, DATED, CODED, LAST = frozenset(" :"), frozenset("-/:."), frozenset("#_@&"), frozenset("/:")
AROUND = ("up_to", "from", "not_pay", "counted", "ignored")


class Sense(NamedTuple):
    """What a word means.

    kind: money, scale, ending, joiner, period, pay, one of AROUND, or a cue. codes: currencies it may mean, likeliest
    first. times: the factor. sure: it makes an amount pay by itself. tight: it counts only right after the digits.
    """

    kind: str
    codes: tuple[str, ...] = ()
    times: float = 1.0
    period: str = ""
    language: str = ""
    sure: bool = True
    tight: bool = False


Hit = tuple[int, int, Sense]
"""A word found in a text: half-open place and meaning."""


class Amount(NamedTuple):
    """A number or range as written: half-open place, values with multiplier, multiplier, money, the word behind it."""

    start: int
    end: int
    low: float
    high: float
    scale: Sense | None
    money: Sense | None
    next: tuple[int, Sense] | None


def closed(c: str) -> bool:
    """Whether no word ends before or starts after this character: a letter of a script that glues no endings on."""
    return c < "\u0590" and c.isalpha()


class Edge:
    """The longest known word that starts at a place or, if `tail`, ends there. Immutable."""

    def __init__(self, words: Mapping[str, Sense], tail: bool = False) -> None:
        self.words, self.tail, self._rows = words, tail, dict[str, list[tuple[str, Sense]]]()
        sizes: dict[str, set[int]] = defaultdict(set)
        for word in sorted(words, key=len, reverse=True):
            key = word[-KEY:] if tail else word[:KEY]
            self._rows.setdefault(key, []).append((word, words[word]))
            sizes[key[-2:] if tail else key[:2]].add(len(key))
        both = {pair: found | sizes.get(pair[-1] if tail else pair[0], set()) for pair, found in sizes.items()}
        self._sizes = {pair: tuple(sorted(found, reverse=True)) for pair, found in both.items()}

    def at(self, text: str, place: int) -> tuple[int, Sense] | None:
        """The other edge of the word and what it means; None where there is none."""
        tail, sizes = self.tail, self._sizes
        pair = (text[place - 2 : place] or text[:place]) if tail else text[place : place + 2]
        for size in sizes.get(pair) or sizes.get(pair[-1:] if tail else pair[:1]) or ():
            for word, sense in self._rows.get(text[place - size : place] if tail else text[place : place + size], ()):
                far = place - len(word) if tail else place + len(word)
                if far >= 0 and text.startswith(word, far if tail else place) and not glued(text, far):
                    return far, sense
        return None


def glued(text: str, place: int) -> bool:
    """Whether letters go on across this place."""
    return place > 0 and closed(text[place - 1]) and closed(text[place : place + 1])


class Near:
    """Finds words in a stretch of text: leftmost, longest. 11日 is not one day, nor 3月 a month of pay. Immutable."""

    def __init__(self, words: Mapping[str, Sense]) -> None:
        self.words, self._senses = words, tuple(words.values())
        self._apart = [word[0].isdigit() or (word[1:] == "" and of.kind == "period") for word, of in words.items()]
        self._automaton = AhoCorasick(list(words), MatchKind.LeftmostLongest, None, Implementation.ContiguousNFA)

    def __call__(self, text: str, low: int, high: int) -> list[Hit]:
        """Hits in text[low:high], in order, at their places in the text."""
        out = []
        for number, first, last in self._automaton.find_matches_as_indexes(text[low:high]):
            start, end = first + low, last + low
            cut = self._apart[number] and text[start - 1 : start].isdigit()
            if not (cut or glued(text, start) or glued(text, end)):
                out.append((start, end, self._senses[number]))
        return out


def entries(pay: Seeds) -> Iterator[tuple[str, Iterable[str], Sense]]:
    """Every list of words: its table, the words as written, their meaning. A table's first meaning of a word holds."""
    for row in pay["multipliers"]:
        codes, flags = tuple(row.get("currencies", ())), (row.get("sure", False), row.get("tight", False))
        for side in ("after", "before")[: 2 if row.get("before") else 1]:
            yield side, row["words"], Sense("scale", codes, row["times"], row.get("period", ""), "", *flags)
    for side in ("before", "after"):
        for word, codes in pay["shared"].items():
            yield side, [word], Sense("money", tuple(codes))
        for code, row in pay["currencies"].items():
            yield side, [*row.get("words", ()), *row.get(side, ())], Sense("money", (code,))
            yield side, row.get("weak", ()), Sense("money", (code,), sure=False)
    yield from (("after", pay[f"{kind}s"], Sense(kind)) for kind in ("ending", "joiner"))
    for period, languages in pay["periods"].items():
        for language, words in languages.items():
            sense = Sense("period", period=period, language=language)
            yield from (("near", words, sense), ("after", words, sense))
    for language, words in pay["pay"].items():
        yield "near", words, Sense("pay", language=language)
    yield from ((table, pay[kind], Sense(kind)) for kind in AROUND for table in ("near", "before"))
    yield from (("cue", pay["cues"][kind], Sense(kind)) for kind in ("at_once", "crypto", "tiny", "skilled"))
    for unit, counts in (("hour", range(1, 4)), ("minute", range(5, 95, 5))):
        words = [f"{count}{gap}{word}" for count in counts for gap in ("", " ") for word in pay["cues"][unit]]
        yield "cue", words, Sense("tiny")


class Words:
    """All words, folded, in tables. Nobody changes it after it is made."""

    def __init__(self, pay: Seeds, fold: Fold) -> None:
        tables: dict[str, dict[str, Sense]] = defaultdict(dict)
        for table, words, sense in entries(pay):
            for word in words:
                tables[table].setdefault(han_as_digits(fold(word)), sense)
        self.before, self.after = Edge(tables["before"], tail=True), Edge(tables["after"])
        self.near, self.cues = Near(tables["near"]), Near(tables["cue"])


def value_of(groups: Sequence[str], signs: Sequence[str]) -> float | None:
    """The number that digits with signs between make by any convention; None for dates, codes, phone numbers.

    One sign throughout parts thousands or, the Indian way, hundreds over thousands; another before two digits decimals.
    """
    first, last, decimals = groups[0], groups[-1], ""
    if len(first) > 10 or (first[0] == "0" and len(first) > 1) or len(groups) > 5:
        return None
    if signs and len(last) <= 2 and signs[-1] != " " and signs[-1] not in signs[:-1]:
        groups, signs, decimals = groups[:-1], signs[:-1], f".{last}"
    if signs and (len(first) > 3 or first == "0" or len(groups[-1]) != 3):
        return None
    if len(signs) > 1 and (len(set(signs)) > 1 or any(len(group) not in (2, 3) for group in groups[1:])):
        return None
    return float("".join(groups) + decimals)


def narrowest(one: Sense | None, other: Sense | None) -> Sense | None:
    """The sense for money that is surest and leaves least choice; the first if both are alike."""
    if not one or not other:
        return one or other
    return one if (not one.sure, len(one.codes)) <= (not other.sure, len(other.codes)) else other


class Numbers:
    """The numbers of one text, over a mask of its digits; Chinese ones too, lone surrogates gone. Looks are bounded."""

    def __init__(self, text: str, words: Words) -> None:
        text = text if text.isascii() else text.encode("utf-8", "replace").decode()
        plain = text.encode("ascii", "replace")
        self.foreign = plain.count(b"?") * FOREIGN_SHARE > len(plain)
        if self.foreign:
            text = han_as_digits(text)
            plain = text.encode("ascii", "replace")
        self.text, self.words, self.mask = text, words, plain.translate(DIGITS) + b" "

    def amount(self, start: int, end: int, value: float) -> Amount:
        """The number that stands here with its multiplier and the money on either side."""
        text, before, after, scale, money = self.text, self.words.before, self.words.after, None, None
        found = before.at(text, start - (text[start - 1 : start] in SPACES))
        if found and found[1].kind == "scale":
            start, scale, value = found[0], found[1], value * found[1].times
            found = before.at(text, start - (text[start - 1 : start] in SPACES))
        if found and found[1].kind == "money":
            start, money = found
        found = after.at(text, self.skip(end))
        if found and found[1].kind == "scale" and not (scale or (found[1].tight and self.skip(end) > end)):
            end, value, scale = self.scaled(found[0], value, found[1])
            found = after.at(text, self.skip(end))
        if found and found[1].kind == "ending":
            end, found = found[0], after.at(text, self.skip(found[0]))
        if found and found[1].kind == "money" and (found[1].sure or not money):
            end, money, found = found[0], narrowest(money, found[1]), after.at(text, self.skip(found[0]))
        return Amount(start, end, value, value, scale, money, found)

    def number(self, start: int) -> tuple[int, float | None]:
        """Where the number that starts here ends, and its value."""
        text, mask = self.text, self.mask
        end = mask.find(32, start)
        groups: list[str] = [text[start:end]]
        signs: list[str] = []
        while text[end : end + 1] in PARTS and mask[end + 1] == DIGIT:
            stop = mask.find(32, end + 1)
            apart = text[end] == " " and (stop - end != 4 or len(groups[0]) > 3 or signs[-1:] not in ([], [" "]))
            if apart or (signs[-1:] == [","] == [text[end]] and stop - end == 2):
                break
            signs.append(text[end])
            groups.append(text[end + 1 : stop])
            end = stop
        return end, value_of(groups, signs)

    def loose(self, start: int, end: int) -> bool:
        """Whether the number is no piece of a date, a clock time, a phone number, a code or a percentage."""
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        if before in CODED or (before in DATED and start > 1 and self.mask[start - 2] == DIGIT):
            return False
        if (before == "+" and end - start > 6) or after == "%" or self.text[end : end + 2] == " %":
            return False
        return after not in LAST or self.mask[end + 1] != DIGIT

    def skip(self, place: int) -> int:
        """The place after one space."""
        return place + (self.text[place : place + 1] == " ")

    def clear(self, start: int, end: int, marks: frozenset[str]) -> bool:
        """Whether neither digits nor these marks part two places."""
        return start >= end or (self.mask.find(DIGIT, start, end) < 0 and marks.isdisjoint(self.text[start:end]))

    def scaled(self, end: int, value: float, scale: Sense) -> tuple[int, float, Sense]:
        """End, value and multiplier of a number whose multiplier ends here: 20k, 2천만, 3万2, 1tr5, 1 lakh 20 hazar."""
        text, after = self.text, self.words.after
        more = after.at(text, end)
        if more and more[1].kind == "scale":
            end, value, scale = more[0], value * scale.times, more[1]
        start, times = self.skip(end), scale.times
        stop = self.mask.find(32, start)
        value *= times
        if stop == start or stop - start > 4:
            return end, value, scale
        part, more = float(text[start:stop]), after.at(text, self.skip(stop))
        if more and more[1].kind == "scale" and more[1].times < times:
            return more[0], value + part * more[1].times, scale
        if start > end or closed(text[stop : stop + 1]) or part >= times:
            return end, value, scale
        unit = times / 10 if stop - start == 1 else 1000 if times == 1e6 else 1
        return stop, value + part * unit, scale
