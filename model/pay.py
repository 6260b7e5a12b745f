"""Finds pay in one advert and what is odd about it: dollars a month, by looking around digits, each in a bounded stretch; linear time."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

from model.pay_words import DATED, DIGIT, SPACES, Amount, Fold, Hit, Numbers, Seeds, Words, closed, narrowest
from model.tables import BREAK

RATIOS = (2, 3, 5, 10)
OTHERS = ("skilled", "daily", "tiny_hours", "wide_range", "at_once", "usdt", "modest", "foreign")
PAY_CUES = (*(f"pay:ratio>={n}" for n in RATIOS), *(f"pay:{name}" for name in OTHERS))
"""Names of all pay cues; their position is their number."""
MOST, LEFT, RIGHT, BESIDE, TOUCHING = 200, 40, 28, 60, 12
"""Mentions told at most; characters before and after an amount that tell of it; around it, for payouts; next to it."""
STOPS = frozenset(".!?;|•。！？" + chr(BREAK))
CLAUSES = STOPS | frozenset(",、،፣/+)")
BARRIERS = frozenset(("counted", "ignored", "not_pay"))
LEAST, LEAST_ALONE, MOST_USD = 0.5, 20.0, 150_000.0
"""Dollars a month: below or above this it is no pay; ALONE without a period or a word for pay."""


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay that an advert names.

    start, end: half-open, in the text given, with money and period. low, high: USD a month, low <= high; as written if
    currency is None. currency: ISO code. period: hour, day, week, month, year, task or None. up_to: only a top is told.
    """

    start: int
    end: int
    low: float
    high: float
    currency: str | None
    period: str | None
    up_to: bool


class Setting(NamedTuple):
    """Around an amount: the period, whether words tell of pay, `up to`, the kind of word right behind, all words."""

    period: Hit | None
    told: bool
    up_to: bool
    behind: str
    hits: Sequence[Hit]


class Reading(Numbers):
    """The amounts of one text, whatever they count, and what the words around them say."""

    def amounts(self, places: Sequence[int] | None) -> Iterator[Amount]:
        """Amounts and ranges in reading order; only those whose numbers start at `places`, ascending, where these are given."""
        done = 0
        for place in (run.start() for run in re.finditer(rb"1+", self.mask)) if places is None else places:
            if place >= done:
                done, value = self.number(place)
                found = self.ranged(place, done, value) if value is not None and self.loose(place, done) else None
                if found:
                    yield found
                    done = max(done, found.end)

    def ranged(self, start: int, end: int, value: float) -> Amount | None:
        """The amount that starts with this number, up to the next if they make a range; None for a date or so."""
        first = self.amount(start, end, value)
        if not first.next or first.next[1].kind != "joiner":
            return first
        at = self.skip(first.next[0])
        money = None if self.mask[at] == DIGIT else self.words.after.at(self.text, at)
        at = self.skip(money[0]) if money and money[1].kind == "money" else at
        if self.mask[at] != DIGIT:
            return first
        stop, number = self.number(at)
        second = self.amount(at, stop, number or 0)
        chained = self.text[second.end : second.end + 1] in DATED and self.mask[second.end + 1] == DIGIT
        return None if number is None or (chained and not second.money) else merged(first, second)

    def setting(self, amount: Amount) -> Setting | None:
        """What stands around the amount; None where that makes it no pay (a fee), or nothing could make it pay."""
        text, start, end, follows = self.text, amount.start, amount.end, amount.next
        if amount.money and amount.money.sure and follows and follows[1].kind == "period":
            prior = self.words.before.at(text, start - (text[start - 1 : start] in SPACES))
            kind = prior[1].kind if prior else ""
            return None if kind == "not_pay" else Setting((end, *follows), True, kind == "up_to", "period", ())
        if amount.high < 100 and not (amount.money or amount.scale) and text[max(start - 3, 0) : start].isascii():
            return None
        hits = self.words.near(text, max(start - LEFT, 0), end + RIGHT)
        hits = [hit for hit in hits if chr(BREAK) not in text[hit[0] : start] + text[end : hit[1]]]
        left, right = [hit for hit in hits if hit[1] <= start], [hit for hit in hits if hit[0] >= end]
        period, told = self.around(amount, left, right)
        behind = next((hit[2].kind for hit in hits if hit[0] in (start, end, self.skip(end))), "")
        up_to = behind == "up_to" or bool(left and left[-1][2].kind == "up_to" and start - left[-1][1] <= 3)
        return None if told is None else Setting(period, told, up_to, behind, hits)

    def around(self, amount: Amount, left: Sequence[Hit], right: Sequence[Hit]) -> tuple[Hit | None, bool | None]:
        """The word for the period, and whether words tell of pay; None where they tell of a fee, revenue or so."""
        period, told, near = None, False, False
        for hit in right:
            kind, gap = hit[2].kind, hit[0] - amount.end
            if gap > TOUCHING or kind in ("counted", "ignored") or not self.clear(amount.end, hit[0], CLAUSES):
                break
            if kind == "not_pay":
                return None, None
            period = period or (hit if kind == "period" else None)
            told = told or (kind == "pay" and gap <= 2)
        for hit in reversed(left):
            kind, gap = hit[2].kind, amount.start - hit[1]
            if not self.clear(hit[1], amount.start, STOPS):
                break
            if kind == "not_pay" and gap <= TOUCHING and not near:
                return None, None
            timed = kind == "period" and self.clear(hit[1], amount.start, CLAUSES)
            if timed and (not period or (gap <= 3 and hit is left[-1])):
                period = hit
            near = near or timed or kind == "pay"
        return period, told or near


def merged(first: Amount, second: Amount) -> Amount:
    """The range of two amounts, which share multiplier and money; only the first where they make no range."""
    low, scale = first.low, second.scale or first.scale
    if scale and not first.scale and low * scale.times <= second.high:
        low *= scale.times
    if not 0 < low <= second.high <= low * 1000:
        return first
    return Amount(first.start, second.end, low, second.high, scale, narrowest(first.money, second.money), second.next)


class PayFinder:
    """Finds pay in adverts and names what is odd about it. Immutable once made; threads may share it."""

    def __init__(self, pay: Seeds, fold: Fold) -> None:
        self.words, self._pay, self._rows = Words(pay, fold), pay, pay["currencies"]
        self._home = {row["country"]: code for code, row in self._rows.items() if "country" in row}
        self._home |= {country: row["currency"] for country, row in pay["countries"].items()}
        self._wages = {country: self._wage(row) for country, row in pay["countries"].items()}
        self._wages |= {name: (row["usd"], row["skilled_usd"]) for name, row in pay["unknown_place"].items()}
        self._blocks = [(*row["block"], language) for language, row in pay["languages"].items() if "block" in row]

    def find(self, text: str, country: str | None = None, places: Sequence[int] | None = None) -> tuple[Pay, ...]:
        """Pay in one advert's folded text, in reading order, at most MOST mentions. Never raises.

        country: ISO code; it decides what `$`, `rs` and bare amounts mean. Untold money is that of the mentions before.
        places: where the numbers worth reading start, ascending; all if None.
        """
        reading, found = Reading(text, self.words), list[Pay]()
        for amount in reading.amounts(places):
            setting = reading.setting(amount)
            if setting and self._is_pay(reading, amount, setting):
                currency = self._currency(reading, amount, country, setting.hits) or next((p.currency for p in found if p.currency), None)
                pay = self._monthly(amount, setting, currency, found[-1].end if found else 0)
                found += [pay] if pay else []
                if len(found) == MOST:
                    break
        return tuple(found)

    def _is_pay(self, reading: Reading, amount: Amount, setting: Setting) -> bool:
        start, end, low, high, scale, money, _ = amount
        if money and money.sure:
            return True
        text, period, told, behind = reading.text, setting.period, setting.told, setting.behind
        glued = closed(text[end : end + 1]) and not (period and period[0] == end)
        if behind in BARRIERS or (not money and (glued or closed(text[start - 1 : start]))):
            return False
        if scale:
            plain = scale.sure or scale.period or reading.foreign or (money and not scale.tight)
            return told or (bool(period or plain) and (scale.times < 1e6 or scale.sure or money is not None))
        beside = period is not None and min(abs(period[0] - end), abs(start - period[1])) <= 3
        lone = text[start - 1 : start] == text[end : end + 1] == chr(BREAK) and low < high
        least = 100 if told else 500 if beside else 1000 if lone or behind == "from" else inf
        year = 1900 < low <= high < 2100 and bool(low % 100 or high % 100)
        return bool(period or told) if money else not year and high >= (10 if reading.foreign and beside else least)

    def _currency(self, reading: Reading, amount: Amount, country: str | None, hits: Sequence[Hit]) -> str | None:
        money, scale, home = amount.money, amount.scale, self._home.get(country or "")
        codes = money.codes if money else scale.codes if scale else ()
        if home and (home in codes or not money):
            return str(home)
        if codes and (len(codes) == 1 or (money and codes[0] in self._pay["anywhere"])):
            return codes[0]
        window = reading.text[max(amount.start - LEFT, 0) : amount.end + RIGHT]
        scripts = (name for c in window if c > "\u0900" for first, last, name in self._blocks if first <= c <= last)
        language = next((hit[2].language for hit in hits if hit[2].language not in ("", "en")), "") or next(scripts, "")
        if language == "zh" and any("ぁ" <= c <= "ヿ" for c in window):
            language = "ja"
        local: list[str] = self._pay["languages"].get(language, {}).get("currencies", [])
        return next((code for code in local if code in codes), None) or next(iter((*codes, *local)), None)

    def _monthly(self, amount: Amount, setting: Setting, currency: str | None, floor: int) -> Pay | None:
        start, end, low, high, scale, money, _ = amount
        hit, told, row = setting.period, setting.told, self._rows.get(currency or "", {})
        period = hit[2].period if hit else scale.period if scale else ""
        bare = not money and high < row.get("bare", {}).get(period or "any", 0)
        if period == "hour" and high >= row.get("hour_most", inf):
            period = "day"
        yearly, hourly = row.get("yearly_from", inf), row.get("hourly_under", 0)
        period = period or ("year" if high >= yearly else "hour" if told and low < high < hourly else "")
        times = 1e4 if bare else 1e-3 if row.get("decimals") == 3 and high >= 20000 else 1
        times *= self._pay["per_month"].get(period, 1) / row.get("rate", 1)
        marked = money or (scale and scale.times > 1)
        least, most = (LEAST if marked and (period or told) else LEAST_ALONE, MOST_USD) if currency else (100, inf)
        if hit and -1 <= end - hit[0] <= 1:
            end = hit[1]
        elif hit and 0 <= start - hit[1] <= 1:
            start = hit[0]
        start = max(start, floor)
        fits = start < end and 0 < least <= high * times <= most
        return Pay(start, end, low * times, high * times, currency, period or None, setting.up_to) if fits else None

    def cues(self, pays: Sequence[Pay], text: str, language: str | None = None) -> list[tuple[str, Pay]]:
        """Names of PAY_CUES that hold for pay found in this text, by mention. language: ISO 639-1 code."""
        places: dict[str, list[int]] = defaultdict(list)
        for start, _, sense in self.words.cues(Numbers(text, self.words).text, 0, len(text)) if pays else ():
            places[sense.kind].append(start)
        return [(f"pay:{name}", pay) for pay in pays for name in self._names(pay, places, language or "")]

    def _names(self, pay: Pay, places: Mapping[str, list[int]], language: str) -> Iterator[str]:
        def near(kind: str, reach: int = BESIDE) -> bool:
            at = bisect_left(places[kind], pay.start - reach)
            return at < len(places[kind]) and places[kind][at] <= pay.end + reach

        speech = self._pay["languages"].get(language, {})
        skilled, native = "skilled" in places, speech.get("currencies") or (pay.currency,)
        ratio = pay.high / (self._ordinary(pay, speech)[skilled] or inf)
        tiny = near("tiny", BESIDE if pay.period in ("day", "week", "task") else TOUCHING)
        wide, modest = 0 < 4 * pay.low <= pay.high, 0.5 <= ratio <= 1.5
        crypto, away = pay.currency in self._pay["crypto"] or near("crypto"), pay.currency not in (None, *native)
        holds = (skilled, pay.period in ("day", "task"), tiny, wide, near("at_once"), crypto, modest, away)
        yield from (f"ratio>={n}" for n in RATIOS if ratio >= n)
        yield from (name for name, held in zip(OTHERS, holds, strict=True) if held)

    def _ordinary(self, pay: Pay, speech: Mapping[str, Any]) -> tuple[float, float]:
        if pay.currency not in self._pay["anywhere"]:
            return self._wages.get(self._rows.get(pay.currency or "", {}).get("country", ""), (0.0, 0.0))
        if pay.currency == "EUR" and "EUR" in speech.get("currencies", ()):
            return self._wages["EUR"]
        return self._wages.get(speech.get("country", pay.period or "any")) or self._wages["any"]

    def _wage(self, row: Mapping[str, Any]) -> tuple[float, float]:
        own: float = row["own"] if "own" in row else row["ppp"] * row["lcu"] * self._pay["ppp_prices"]["value"]
        skilled: float = row.get("skilled", own * self._pay["skilled_times"]["value"])
        rate: float = self._rows[row["currency"]]["rate"]
        return own / rate, skilled / rate
