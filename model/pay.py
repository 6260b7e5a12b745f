"""Finds and judges pay in one advert: amounts with money, multiplier and period, in dollars a month, and what is odd about them.

No pattern runs over the text: digits are found in one pass and bounded stretches around them are looked up, so time is linear.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from model.pay_words import DATED, DIGIT, SPACES, Amount, Fold, Hit, Numbers, Seeds, Words, closed, narrowest
from model.tables import BREAK

RATIOS = (2, 3, 5, 10)
OTHERS = ("skilled", "daily", "tiny_hours", "wide_range", "at_once", "usdt", "modest", "foreign")
PAY_CUES = (*(f"pay:ratio>={n}" for n in RATIOS), *(f"pay:{name}" for name in OTHERS))
"""Names of all pay cues; their position is their number."""
MOST = 200
"""Mentions told of one advert."""
LEFT, RIGHT, BESIDE = 40, 28, 60
"""Characters before and after an amount in which words tell of it; and in which hours and payout words count for cues."""
STOPS = frozenset(".!?;|•。！？" + chr(BREAK))
CLAUSES = STOPS | frozenset(",、،፣/+")
BARRIERS = frozenset(("counted", "ignored", "not_pay"))
LEAST, LEAST_ALONE, MOST_USD = 0.5, 20.0, 150_000.0
"""Dollars a month: below or above this it is no pay; ALONE without a period or a word for pay."""


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay that an advert names.

    start, end: half-open, in the text given, with its money and the period beside it. low, high: USD a month, low <= high; as
    written where currency is None. currency: ISO code. period: hour, day, week, month, year, task, or None. up_to: only a top is told.
    """

    start: int
    end: int
    low: float
    high: float
    currency: str | None
    period: str | None
    up_to: bool


class Reading(Numbers):
    """The amounts of one text, whatever they count, and what the words around them say."""

    def amounts(self) -> Iterator[Amount]:
        """Amounts and ranges in reading order."""
        place = self.mask.find(DIGIT)
        while place >= 0:
            end, value = self.number(place)
            found = self.ranged(place, end, value) if value is not None and self.loose(place, end) else None
            if found:
                yield found
            place = self.mask.find(DIGIT, max(end, found.end) if found else end)

    def ranged(self, start: int, end: int, value: float) -> Amount | None:
        """The amount that starts with this number, joined to the next where they make a range; None for a date or the like."""
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

    def setting(self, amount: Amount, left: Sequence[Hit], right: Sequence[Hit]) -> tuple[Hit | None, bool | None]:
        """The word for the period, and whether words say that this is pay; None where they say that it is not (a fee, revenue)."""
        period, told = None, False
        for hit in right:
            kind, gap = hit[2].kind, hit[0] - amount.end
            if kind == "not_pay" and gap <= 12 and self.clear(amount.end, hit[0], CLAUSES):
                return None, None
            if kind in BARRIERS or not self.clear(amount.end, hit[0], STOPS):
                break
            period = period or (hit if kind == "period" else None)
            told = told or (kind == "pay" and gap <= 2)
        near = False
        for hit in reversed(left):
            kind, gap = hit[2].kind, amount.start - hit[1]
            if not self.clear(hit[1], amount.start, STOPS):
                break
            if kind == "not_pay" and gap <= 16 and not near:
                return None, None
            if kind == "period" and ((gap <= 3 and hit is left[-1]) or (not period and self.clear(hit[1], amount.start, CLAUSES))):
                period = hit
            near = near or kind == "pay" or (kind == "period" and self.clear(hit[1], amount.start, CLAUSES))
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
        self._words, self._pay, self._rows = Words(pay, fold), pay, pay["currencies"]
        self._home = {row["country"]: code for code, row in self._rows.items() if "country" in row}
        self._home |= {country: row["currency"] for country, row in pay["countries"].items()}
        self._wages = {country: self._wage(row) for country, row in pay["countries"].items()}
        self._wages |= {name: (row["usd"], row["skilled_usd"]) for name, row in pay["unknown_place"].items()}
        self._blocks = [(*row["block"], language) for language, row in pay["languages"].items() if "block" in row]

    def find(self, text: str, country: str | None = None) -> tuple[Pay, ...]:
        """Pay in one advert's folded text, in reading order, at most MOST mentions. Never raises.

        country: ISO code; it decides what `$`, `rs` and bare amounts mean. Money that is not told is that of the mentions before.
        """
        reading, known = Reading(text, self._words), None
        found: list[Pay] = []
        for amount in reading.amounts():
            pay = self._read(reading, amount, country, known)
            if pay:
                known = known or pay.currency
                found.append(pay)
                if len(found) == MOST:
                    break
        return tuple(found)

    def _read(self, reading: Reading, amount: Amount, country: str | None, known: str | None) -> Pay | None:
        text, start, end, money, follows = reading.text, amount.start, amount.end, amount.money, amount.next
        hits: list[Hit] = []
        if money and money.sure and follows and follows[1].kind == "period":
            prior = self._words.before.at(text, start - (text[start - 1 : start] in SPACES))
            period, told, up_to = (end, *follows), not (prior and prior[1].kind == "not_pay") or None, prior and prior[1].kind == "up_to"
        elif amount.high < 100 and not (money or amount.scale) and text[max(start - 3, 0) : start].isascii():
            return None
        else:
            hits = self._words.near(text, max(start - LEFT, 0), end + RIGHT)
            left, right = [hit for hit in hits if hit[1] <= start], [hit for hit in hits if hit[0] >= end]
            period, told = reading.setting(amount, left, right)
            up_to = left and left[-1][2].kind == "up_to" and start - left[-1][1] <= 3
            up_to = up_to or (right and right[0][2].kind == "up_to" and right[0][0] - end <= 1)
        if told is None or not self._is_pay(reading, amount, period, told, hits):
            return None
        currency = self._currency(reading, amount, country, hits) or known
        pay = self._monthly(amount, currency, period[2].period if period else amount.scale.period if amount.scale else "", told)
        if period and -1 <= end - period[0] <= 1:
            end = period[1]
        elif period and 0 <= start - period[1] <= 1:
            start = period[0]
        return Pay(start, end, pay[0], pay[1], currency, pay[2] or None, bool(up_to)) if pay else None

    def _is_pay(self, reading: Reading, amount: Amount, period: Hit | None, told: bool, hits: Sequence[Hit]) -> bool:
        money, scale, text, start, end = amount.money, amount.scale, reading.text, amount.start, amount.end
        if money and money.sure:
            return True
        if any((hit[2].kind == "ignored" and hit[0] == start) or (hit[2].kind == "counted" and 0 <= hit[0] - end <= 1) for hit in hits):
            return False
        if not money and (closed(text[start - 1 : start]) or (closed(text[end : end + 1]) and not (period and period[0] == end))):
            return False
        if scale and scale.times >= 1e6 and not (scale.sure or money):
            return told
        if money or scale:
            return told or bool(period) or bool(scale and (scale.sure or reading.foreign or (money and not scale.tight)))
        if 1900 < amount.low <= amount.high < 2100 and (amount.low % 100 or amount.high % 100):
            return False
        beside = period is not None and min(abs(period[0] - end), abs(start - period[1])) <= 3
        starts = any(hit[2].kind == "from" and 0 <= hit[0] - end <= 1 for hit in hits)
        lone = text[start - 1 : start] == text[end : end + 1] == chr(BREAK) and amount.low < amount.high
        least = 10 if reading.foreign and beside else 100 if told else 500 if beside else 1000 if starts or lone else inf
        return amount.high >= least

    def _currency(self, reading: Reading, amount: Amount, country: str | None, hits: Sequence[Hit]) -> str | None:
        money, scale, home = amount.money, amount.scale, self._home.get(country or "")
        codes = money.codes if money else scale.codes if scale else ()
        if money and scale and scale.codes and codes[0] in self._pay["crypto"]:
            codes = scale.codes
        if home and (home in codes or not money):
            return home
        if codes and (len(codes) == 1 or (money and codes[0] in self._pay["anywhere"])):
            return codes[0]
        window = reading.text[max(amount.start - LEFT, 0) : amount.end + RIGHT]
        local = self._pay["languages"].get(self._language(hits, window), {}).get("currencies", ())
        return next((code for code in local if code in codes), None) or next(iter((*codes, *local)), None)

    def _language(self, hits: Sequence[Hit], window: str) -> str:
        scripts = (language for c in window if c > "\u0900" for first, last, language in self._blocks if first <= c <= last)
        found = next((hit[2].language for hit in hits if hit[2].language not in ("", "en")), "") or next(scripts, "")
        return "ja" if found == "zh" and any("ぁ" <= c <= "ヿ" for c in window) else found

    def _monthly(self, amount: Amount, currency: str | None, period: str, told: bool) -> tuple[float, float, str] | None:
        row, low, high = self._rows.get(currency or "", {}), amount.low, amount.high
        bare = not amount.money and high < row.get("bare", {}).get(period or "any", 0)
        times = 1e4 if bare else 1e-3 if row.get("decimals") == 3 and high >= 20000 else 1
        if period == "hour" and high >= row.get("hour_most", inf):
            period = "day"
        if not period:
            period = "year" if high >= row.get("yearly_from", inf) else "hour" if told and low < high < row.get("hourly_under", 0) else ""
        times *= self._pay["per_month"].get(period, 1) / row.get("rate", 1)
        least, most = (LEAST if amount.money and (period or told) else LEAST_ALONE, MOST_USD) if currency else (0, inf)
        return (low * times, high * times, period) if least <= high * times <= most else None

    def cues(self, pays: Sequence[Pay], text: str, language: str | None = None, country: str | None = None) -> list[tuple[str, Pay]]:
        """Names of PAY_CUES that hold for pay found in this text, by mention. language: ISO 639-1 code, country: ISO code."""
        places = self._places(Numbers(text, self._words).text) if pays else {}
        return [(f"pay:{name}", pay) for pay in pays for name in self._names(pay, places, language, country)]

    def _places(self, text: str) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for start, end, sense in self._words.cues(text, 0, len(text)):
            kind, at = sense.kind, start - (text[start - 1 : start] == " ")
            if kind in ("hour", "minute"):
                few = kind == "minute" or (
                    text[at - 1 : at] in "123" and not (text[at - 2 : at - 1].isdigit() or text[at - 2 : at - 1] in ".,")
                )
                kind = "tiny" if few and text[at - 1 : at].isdigit() else ""
            places[kind].append(start)
            if kind == "tiny" and any(
                "day" in hit[2] or hit[2].kind == "ignored" for hit in self._words.near(text, max(start - 8, 0), end + 16)
            ):
                places["tiny_daily"].append(start)
        return places

    def _names(self, pay: Pay, places: Mapping[str, list[int]], language: str | None, country: str | None) -> Iterator[str]:
        def near(kind: str, reach: int = BESIDE) -> bool:
            at = bisect_left(places.get(kind, ()), pay.start - reach)
            return at < len(places.get(kind, ())) and places[kind][at] <= pay.end + reach

        ordinary = self._ordinary(pay, language, country)["skilled" in places]
        ratio = pay.high / ordinary if ordinary else 0.0
        native = self._pay["languages"].get(language or "", {}).get("currencies", (pay.currency,))
        short = pay.period in ("day", "week", "task")
        holds = (
            "skilled" in places,
            pay.period in ("day", "task"),
            near("tiny" if short else "tiny_daily"),
            pay.high >= 4 * pay.low > 0,
            near("at_once"),
            pay.currency in self._pay["crypto"] or near("crypto"),
            0.5 <= ratio <= 1.5,
            pay.currency is not None and pay.currency not in native,
        )
        yield from (f"ratio>={n}" for n in RATIOS if ratio >= n)
        yield from (name for name, held in zip(OTHERS, holds, strict=True) if held)

    def _ordinary(self, pay: Pay, language: str | None, country: str | None) -> tuple[float, float]:
        """Ordinary and skilled pay, USD a month, of where the pay is; zeros where that is not known."""
        speech = self._pay["languages"].get(language or "", {})
        if pay.currency not in self._pay["anywhere"]:
            return self._wages.get(self._rows.get(pay.currency or "", {}).get("country", ""), (0.0, 0.0))
        if pay.currency in speech.get("currencies", ()):
            return self._wages["EUR" if pay.currency == "EUR" else speech["country"]]
        place = country or speech.get("country", "")
        return self._wages.get(place) or self._wages.get(pay.period or "any") or self._wages["any"]

    def _wage(self, row: Mapping[str, float]) -> tuple[float, float]:
        rate = self._rows[row["currency"]]["rate"]
        own = row["own"] if "own" in row else row["ppp"] * row["lcu"] * self._pay["ppp_prices"]["value"]
        return own / rate, row.get("skilled", own * self._pay["skilled_times"]["value"]) / rate
