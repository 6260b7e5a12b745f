"""Pay as people write it, in every language the seeds know, with what only looks like pay beside it."""

import copy
import json
import time
from collections import defaultdict
from dataclasses import FrozenInstanceError
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.han import han_as_digits
from model.pay import MOST, PAY_CUES, Pay, PayFinder
from model.pay_words import Sense, entries, value_of
from model.tables import BREAK, Tables
from training.tables import write

ROOT = Path(__file__).parent.parent
SEEDS: dict[str, Any] = yaml.safe_load((ROOT / "seeds" / "pay.yaml").read_text(encoding="utf-8"))


@cache
def tables() -> Tables:
    with TemporaryDirectory() as folder:
        write(Path(folder) / "tables.npz")
        return Tables.load(Path(folder) / "tables.npz")


@cache
def finder() -> PayFinder:
    return PayFinder(json.loads(json.dumps(SEEDS)), tables().fold_text)


def find(text: str, country: str | None = None) -> tuple[Pay, ...]:
    return finder().find(tables().fold_text(text), country)


def own(amount: float, currency: str | None) -> float:
    """Dollars a month back in the currency's own money."""
    return amount * float(SEEDS["currencies"][currency]["rate"]) if currency else amount


def a_month(amount: float, period: str | None) -> float:
    return amount * float(SEEDS["per_month"][period]) if period else amount


# text, currency, low and high as written (per period), period
HITS: list[tuple[str, str | None, float, float, str | None]] = [
    # English, all over
    ("Salary $2,000 per month", "USD", 2000, 2000, "month"),
    ("USD 1,500 - 2,500 monthly", "USD", 1500, 2500, "month"),
    ("pay: 3.000–5.000 $", "USD", 3000, 5000, None),
    ("earn $50 to $500 a day", "USD", 50, 500, "day"),
    ("$25.50/hr", "USD", 25.5, 25.5, "hour"),
    ("$1.2k weekly", "USD", 1200, 1200, "week"),
    ("$120,000 - $150,000 per year", "USD", 120000, 150000, "year"),
    ("$120k-$150k", "USD", 120000, 150000, "year"),
    ("Pay range: $18 - $22", "USD", 18, 22, "hour"),
    ("get $5 per like", "USD", 5, 5, "task"),
    ("£2,500 pcm", "GBP", 2500, 2500, "month"),
    ("€1.850,50 per month", "EUR", 1850.5, 1850.5, "month"),
    ("AUD 1,400 a week", "AUD", 1400, 1400, "week"),
    ("C$4,600 monthly", "CAD", 4600, 4600, "month"),
    ("paid 900 USDT every week", "USDT", 900, 900, "week"),
    ("Rs 1,50,000 monthly", "INR", 150000, 150000, "month"),
    ("Rs. 20,000/- per month", "INR", 20000, 20000, "month"),
    ("₹35,000 in hand", "INR", 35000, 35000, None),
    ("INR 1.25 lakh per month", "INR", 125000, 125000, "month"),
    ("1 lakh 20 hazar monthly", "INR", 120000, 120000, "month"),
    ("package 6-8 LPA", "INR", 600000, 800000, "year"),
    ("Tk 90,000 – 1,10,000", "BDT", 90000, 110000, None),
    ("NPR 1,40,000", "NPR", 140000, 140000, None),
    ("PKR 350,000 a month", "PKR", 350000, 350000, "month"),
    ("LKR 250,000 per month", "LKR", 250000, 250000, "month"),
    ("KSh 120,000 to 250,000", "KES", 120000, 250000, None),
    ("KES 170k monthly", "KES", 170000, 170000, "month"),
    ("UGX 9,800,000 net", "UGX", 9800000, 9800000, None),
    ("₦480k salary", "NGN", 480000, 480000, None),
    ("GH₵14,000 per month", "GHS", 14000, 14000, "month"),
    ("salary R15,000 per month", "ZAR", 15000, 15000, "month"),
    ("N$22,000 a month", "NAD", 22000, 22000, "month"),
    ("100k Birr every month", "ETB", 100000, 100000, "month"),
    ("AED 5,500 with commission", "AED", 5500, 5500, None),
    ("QAR 2,800", "QAR", 2800, 2800, None),
    ("SAR 1,700 monthly", "SAR", 1700, 1700, "month"),
    ("P40,000 basic salary", "PHP", 40000, 40000, None),
    ("Php 20,000.00 per month", "PHP", 20000, 20000, "month"),
    ("RM2k to RM4k", "MYR", 2000, 4000, None),
    ("S$300-500 a day", "SGD", 300, 500, "day"),
    ("salary 20,000 - 25,000", None, 20000, 25000, None),
    # Chinese
    ("月薪8000-12000", "CNY", 8000, 12000, "month"),
    ("1.5万-3万 月薪", "CNY", 15000, 30000, "month"),
    ("底薪1~2万", "CNY", 10000, 20000, None),
    ("底薪9000起步加提成", "CNY", 9000, 9000, None),
    ("日结300-800", "CNY", 300, 800, "day"),
    ("日赚150元", "CNY", 150, 150, "day"),
    ("月入2w-5w", "CNY", 20000, 50000, "month"),
    ("年薪30万", "CNY", 300000, 300000, "year"),
    ("人均两万上下", "CNY", 20000, 20000, None),
    ("上个月拿了三万二", "CNY", 32000, 32000, "month"),
    ("月薪NT$45,000", "TWD", 45000, 45000, "month"),
    ("HK$26,000 一个月", "HKD", 26000, 26000, "month"),
    ("时薪25元", "CNY", 25, 25, "hour"),
    ("月領１５萬", "CNY", 150000, 150000, "month"),
    ("月薪HK$45,500，五天半", "HKD", 45500, 45500, "month"),
    ("转正25000，年底双薪", "CNY", 25000, 25000, None),
    ("薪资 31000-45000元/月", "CNY", 31000, 45000, "month"),
    # Japanese, Korean
    ("月給30万円", "JPY", 300000, 300000, "month"),
    ("月80〜250万（歩合込み）", "JPY", 800000, 2500000, "month"),
    ("時給1,200円", "JPY", 1200, 1200, "hour"),
    ("日給5万円から", "JPY", 50000, 50000, "day"),
    ("1件10万円", "JPY", 100000, 100000, "task"),
    ("月100いくらしい", "JPY", 1000000, 1000000, "month"),
    ("월 300만원", "KRW", 3000000, 3000000, "month"),
    ("월급 1,500만~3,000만원", "KRW", 15000000, 30000000, "month"),
    ("월 1500 보장", "KRW", 15000000, 15000000, "month"),
    ("일당 15만원", "KRW", 150000, 150000, "day"),
    ("시급 12,000원", "KRW", 12000, 12000, "hour"),
    ("연봉 4천만원", "KRW", 40000000, 40000000, "year"),
    ("건당 20~50만", "KRW", 200000, 500000, "task"),
    # Indonesian, Malay, Filipino
    ("Gaji Rp 7-16 juta", "IDR", 7000000, 16000000, None),
    ("gaji 13-18jt per bulan", "IDR", 13000000, 18000000, "month"),
    ("Rp 4.500.000/bulan", "IDR", 4500000, 4500000, "month"),
    ("upah 70rb/hari", "IDR", 70000, 70000, "day"),
    ("komisi 250rb-1,2jt/hari", "IDR", 250000, 1200000, "day"),
    ("Rp400.000/hr", "IDR", 400000, 400000, "day"),
    ("IDR 14jt", "IDR", 14000000, 14000000, None),
    ("RM7,000 – RM12,000 sebulan", "MYR", 7000, 12000, "month"),
    ("Gaji RM5-7k", "MYR", 5000, 7000, None),
    ("boleh dapat RM150-RM800 sehari", "MYR", 150, 800, "day"),
    ("₱610/day", "PHP", 610, 610, "day"),
    ("sahod ₱55k-₱70k kada buwan", "PHP", 55000, 70000, "month"),
    ("P800-P6,000 kada araw", "PHP", 800, 6000, "day"),
    # Vietnamese
    ("Lương 15-20 triệu", "VND", 15000000, 20000000, None),
    ("25tr/tháng", "VND", 25000000, 25000000, "month"),
    ("lương 6tr5", "VND", 6500000, 6500000, None),
    ("300k-1tr5/ngày", "VND", 300000, 1500000, "day"),
    ("18 củ cứng", "VND", 18000000, 18000000, None),
    ("thu nhập 1.800.000đ/tuần", "VND", 1800000, 1800000, "week"),
    ("lương 500 nghìn đồng mỗi ngày", "VND", 500000, 500000, "day"),
    ("650 đô la một tháng", "USD", 650, 650, "month"),
    # Thai, Lao, Khmer, Burmese
    ("เงินเดือน 25,000 บาท", "THB", 25000, 25000, "month"),
    ("เดือนละ 90,000-200,000", "THB", 90000, 200000, "month"),
    ("วันละ 3,000 ทำงานง่าย", "THB", 3000, 3000, "day"),
    ("รายได้ 5 หมื่นอัพ", "THB", 50000, 50000, None),
    ("รายได้ ๓๕๐๐๐ บาท/เดือน", "THB", 35000, 35000, "month"),
    ("เงินเดือน 3 แสน", "THB", 300000, 300000, "month"),
    ("ເງິນເດືອນ 15 ລ້ານກີບ", "LAK", 15000000, 15000000, "month"),
    ("ມື້ລະ 3 ແສນ - 3 ລ້ານ", "LAK", 300000, 3000000, "day"),
    ("8,000 ຢວນ", "CNY", 8000, 8000, None),
    ("ប្រាក់ខែ $1000", "USD", 1000, 1000, "month"),
    ("មួយថ្ងៃ 20$ ដល់ 150$", "USD", 20, 150, "day"),
    ("100ម៉ឺនរៀល", "KHR", 1000000, 1000000, None),
    ("လစာ ၁၂ သိန်း", "MMK", 1200000, 1200000, "month"),
    ("လစာ သိန်း ၃၀", "MMK", 3000000, 3000000, "month"),
    ("တစ်နေ့ ၅ သောင်းမှ ၃ သိန်း", "MMK", 50000, 300000, "day"),
    ("ဘတ် ၂၈၀၀၀", "THB", 28000, 28000, None),
    ("💰 ၄ သိန်း", "MMK", 400000, 400000, None),
    # Hindi, Bengali, Urdu, Nepali, Sinhala, Tamil
    ("वेतन ₹28,500 से ₹45,000", "INR", 28500, 45000, None),
    ("₹1 लाख महीना", "INR", 100000, 100000, "month"),
    ("महीने के 30 से 35 हज़ार", "INR", 30000, 35000, "month"),
    ("रोज़ १५०० रुपये", "INR", 1500, 1500, "day"),
    ("daily Rs.2000-8000", "INR", 2000, 8000, "day"),
    ("বেতন ১ লাখ ২০ হাজার", "BDT", 120000, 120000, None),
    ("মাসে ৪০-৯০ হাজার", "BDT", 40000, 90000, "month"),
    ("দৈনিক ৬০০ টাকা", "BDT", 600, 600, "day"),
    ("تنخواہ 70 سے 80 ہزار", "PKR", 70000, 80000, None),
    ("5 لاکھ مہینہ", "PKR", 500000, 500000, "month"),
    ("روزانہ ۲۰۰۰ روپے", "PKR", 2000, 2000, "day"),
    ("तलब रु. ३२,००० मासिक", "NPR", 32000, 32000, "month"),
    ("१२००💵 महिनाको", "USD", 1200, 1200, "month"),
    ("රු. 85,000 සිට 100,000 දක්වා", "LKR", 85000, 100000, None),
    ("පඩිය ලක්ෂ 4යි", "LKR", 400000, 400000, None),
    ("மாதம் ₹95,000", "INR", 95000, 95000, "month"),
    ("மாதம் 2.8 லட்சம்", "INR", 280000, 280000, "month"),
    # Spanish, Portuguese, French
    ("USD 1.800 mensuales", "USD", 1800, 1800, "month"),
    ("de 60 a 400 €/día", "EUR", 60, 400, "day"),
    ("S/ 3,100 al mes", "PEN", 3100, 3100, "month"),
    ("45 mil pesos al mes", "MXN", 45000, 45000, "month"),
    ("entre $2.500.000 COP y más", "COP", 2500000, 2500000, None),
    ("R$ 1.518,00 por mês", "BRL", 1518, 1518, "month"),
    ("R$ 7 mil a R$ 25 mil", "BRL", 7000, 25000, None),
    ("R$500-1.500 por dia", "BRL", 500, 1500, "day"),
    ("95 mil meticais por mês", "MZN", 95000, 95000, "month"),
    ("1 980 € brut par mois", "EUR", 1980, 1980, "month"),
    ("12,02 €/h", "EUR", 12.02, 12.02, "hour"),
    ("2 400 000 FCFA par mois", "XOF", 2400000, 2400000, "month"),
    # Swahili, Arabic, Amharic, Russian, Ukrainian
    ("KSh 260k kwa mwezi", "KES", 260000, 260000, "month"),
    ("Earn 2,000-15,000 bob daily", "KES", 2000, 15000, "day"),
    ("elfu 50 kwa siku", "KES", 50000, 50000, "day"),
    ("laki 9 kwa wiki", "KES", 900000, 900000, "week"),
    ("1200 دولار في الشهر", "USD", 1200, 1200, "month"),
    ("من ٥٠٠ إلى ٤٠٠٠ جنيه في اليوم", "EGP", 500, 4000, "day"),
    ("راتب 45 ألف جنيه", "EGP", 45000, 45000, None),
    ("95 دينار كويتي شهريا", "KWD", 95, 95, "month"),
    ("KD 250.000 monthly", "KWD", 250, 250, "month"),
    ("ደሞዝ 120,000 ብር", "ETB", 120000, 120000, None),
    ("በቀን ከ1,500 እስከ 9,000 ብር", "ETB", 1500, 9000, "day"),
    ("በወር 15 ሺህ ብር", "ETB", 15000, 15000, "month"),
    ("от 3 000 до 28 000 руб. в день", "RUB", 3000, 28000, "day"),
    ("120–300 тысяч в месяц", "RUB", 120000, 300000, "month"),
    ("З/п 300 к", "RUB", 300000, 300000, None),
    ("от 48 т.р. в неделю", "RUB", 48000, 48000, "week"),
    ("800 000–2 000 000 тенге в месяц", "KZT", 800000, 2000000, "month"),
    ("25 000 грн на місяць", "UAH", 25000, 25000, "month"),
]

MISSES = [
    "call +91 98765 43210 or 0900 000 012",
    "WhatsApp 0712-345-678 today",
    "tel. 555-123-4567",
    "salary paid on 12/05/2024",
    "interviews 2024-05-12",
    "salaries paid since 2019",
    "founded in 1998, 2019-2023",
    "age 18-35, both genders",
    "usia 18-35 tahun",
    "18~35岁",
    "9:00 - 18:00",
    "shift 09.00-17.00",
    "working 8 hours a day, 5 days a week",
    "24/7 support, salary negotiable",
    "401k and paid leave",
    "30 wpm typing, 95% accuracy",
    "commission 10 %",
    "team of 500 people",
    "we serve 5 triệu khách hàng",
    "1000万用户",
    "100만 다운로드",
    "70 million users every month",
    "handle 100 calls per day",
    "1200 Main Street, Suite 500",
    "order #123456",
    "b2b, web3, h1b, covid19",
    "registration fee Rs 500 only",
    "deposit of $200 required",
    "押金500元",
    "phí 300k",
    "raised $5 million, revenue $20 million",
    "12 months contract, 3 year experience",
    "3월 5일 면접",
    "3月15日面试",
    "1日20本くらい",
    "毎日20時まで",
    "月600個",
    "กะ 12 ชั่วโมง พัก 2 วัน",
    "အသက် ၁၈-၃၂",
    "umri miaka 18-35",
    "возраст 18–35 лет",
    "Microsoft Office 365",
    "id 99887766554433",
    "$0",
    "",
    "$",
]


@pytest.mark.parametrize(("text", "currency", "low", "high", "period"), HITS, ids=[row[0] for row in HITS])
def test_pay_as_people_write_it(text: str, currency: str | None, low: float, high: float, period: str | None) -> None:
    country = "NP" if currency == "NPR" else None
    (pay,) = find(text, country)
    assert (pay.currency, pay.period) == (currency, period)
    assert own(pay.low, currency) == pytest.approx(a_month(low, period))
    assert own(pay.high, currency) == pytest.approx(a_month(high, period))


def test_the_table_is_large() -> None:
    assert len(HITS) >= 120
    assert len({row[0] for row in HITS}) == len(HITS)


@pytest.mark.parametrize("text", MISSES)
def test_what_only_looks_like_pay(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "up_to"),
    [
        ("earn up to $5,000 per month", True),
        ("earn $5,000 per month", False),
        ("lương lên đến 30 triệu", True),
        ("最高3万 月薪", True),
        ("salary from $900 to $5,000", False),
        ("até R$ 9.800 por mês", True),
        ("до 60 000 ₽", True),
        ("от 60 000 ₽", False),
    ],
)
def test_up_to(text: str, up_to: bool) -> None:
    assert [pay.up_to for pay in find(text)] == [up_to]


@pytest.mark.parametrize(
    ("text", "country", "currency"),
    [
        ("$4,000 per month", None, "USD"),
        ("$4,000 per month", "SG", "SGD"),
        ("$4,000 per month", "HK", "HKD"),
        ("$40,000 al mes", "MX", "MXN"),
        ("$4,000 per month", "ID", "USD"),
        ("Rs 50,000", "PK", "PKR"),
        ("Rs 50,000", "LK", "LKR"),
        ("salary 20,000 per month", "PH", "PHP"),
        ("35k salary", "TH", "THB"),
        ("月薪3万", "TW", "TWD"),
        ("¥30000 月給", "JP", "JPY"),
        ("1200 riyal", "QA", "QAR"),
    ],
)
def test_the_country_decides_what_a_sign_means(text: str, country: str | None, currency: str) -> None:
    assert [pay.currency for pay in find(text, country)] == [currency]


def test_untold_money_is_that_of_the_mentions_before() -> None:
    first, second = find("basic $900 a month, after probation salary 1,200")
    assert (first.currency, second.currency, second.high) == ("USD", "USD", 1200)


def test_a_span_holds_amount_money_and_period() -> None:
    text = tables().fold_text("Good job: Rs. 20,000/- per month + food")
    (pay,) = finder().find(text)
    assert text[pay.start : pay.end] == "rs. 20,000/- per month"


def test_a_range_alone_in_its_field_is_pay() -> None:
    border = chr(BREAK)
    assert [pay.high for pay in finder().find(f"data clerk{border}20000-28000{border}we need you")] == [28000]
    assert finder().find("room 20000-28000 is free") == ()


CUES: list[tuple[str, str, set[str], set[str]]] = [
    ("gaji Rp 18 juta per bulan", "id", {"pay:ratio>=2", "pay:ratio>=5"}, {"pay:ratio>=10", "pay:modest"}),
    ("gaji Rp 3.500.000 per bulan", "id", {"pay:modest"}, {"pay:ratio>=2", "pay:foreign"}),
    ("gaji USD 1,200 per bulan", "id", {"pay:foreign", "pay:ratio>=5"}, {"pay:modest"}),
    ("software engineer, gaji Rp 18 juta per bulan", "id", {"pay:skilled", "pay:ratio>=3"}, {"pay:ratio>=5"}),
    ("lương 8 triệu/tháng", "vi", {"pay:modest"}, {"pay:ratio>=2"}),
    ("lương 20 triệu/tháng", "vi", {"pay:ratio>=2"}, {"pay:ratio>=3"}),
    ("earn $50 to $500 a day, only 60 minutes", "en", {"pay:daily", "pay:tiny_hours", "pay:wide_range"}, set()),
    ("earn $300 to $500 a day, 8 hours", "en", {"pay:daily"}, {"pay:tiny_hours", "pay:wide_range"}),
    ("$25 per hour", "en", {"pay:modest"}, {"pay:ratio>=2", "pay:daily"}),
    ("$45,000 per year", "en", {"pay:modest"}, {"pay:ratio>=2"}),
    ("$5,000 per month", "en", {"pay:ratio>=5"}, {"pay:ratio>=10"}),
    ("每天20分钟日结300-800", "zh", {"pay:daily", "pay:tiny_hours", "pay:at_once"}, {"pay:foreign"}),
    ("$80 a day, paid instantly to your account", "en", {"pay:at_once"}, set()),
    ("900 USDT per week", "en", {"pay:usdt"}, set()),
    ("$900 per week, we pay in crypto", "en", {"pay:usdt"}, set()),
    ("$900 per week by bank transfer", "en", set(), {"pay:usdt", "pay:at_once"}),
    ("月給25万円", "ja", {"pay:modest"}, {"pay:foreign"}),
    ("월급 1,500만원", "ko", {"pay:ratio>=5"}, {"pay:foreign"}),
    ("salary THB 75,000 per month", "sw", {"pay:foreign", "pay:ratio>=3"}, set()),
    ("salary 20,000 per month", "en", set(), {"pay:ratio>=2", "pay:modest", "pay:foreign"}),
]


@pytest.mark.parametrize(("text", "language", "held", "not_held"), CUES, ids=[row[0] for row in CUES])
def test_cues(text: str, language: str, held: set[str], not_held: set[str]) -> None:
    folded = tables().fold_text(text)
    names = {name for name, _ in finder().cues(finder().find(folded), folded, language)}
    assert held <= names <= set(PAY_CUES)
    assert not names & not_held


def test_cues_are_told_by_mention() -> None:
    text = "$300 a day. later also salary $900 per month"
    first, second = pays = finder().find(text)
    named = finder().cues(pays, text, "en")
    assert ("pay:daily", first) in named
    assert ("pay:daily", second) not in named
    assert finder().cues((), text, "en") == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,500", 1500.0),
        ("1.500", 1500.0),
        ("1,50,000", 150000.0),
        ("1.500,50", 1500.5),
        ("1,500.50", 1500.5),
        ("1'500", 1500.0),
        ("0.5", 0.5),
        ("12.5", 12.5),
        ("1.500.000", 1500000.0),
        ("0900", None),
        ("12.05.2024", None),
        ("1,5000", None),
        ("12345678901", None),
        ("1.2.3.4.5.6", None),
    ],
)
def test_numbers_of_all_conventions(written: str, value: float | None) -> None:
    signs = [c for c in written if not c.isdigit()]
    groups = "".join(c if c.isdigit() else "|" for c in written).split("|")
    assert value_of(groups, signs) == value


# --- laws -----------------------------------------------------------------------------------------------------------

ODD = ["\ud800", "\x00", chr(BREAK), "🤑", "，", "1", "$", "k", "万", "-", " ", "一"]
PIECES = [row[0] for row in HITS] + MISSES + ODD
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from([None, "SG", "IN", "XX", ""]), st.sampled_from([None, "en", "id", "zh", "xx"]))
@example("\ud800 $500 per day \udfff月薪3万 一", None, "zh")
def test_never_raises_and_stays_inside_the_text(text: str, country: str | None, language: str | None) -> None:
    folded = "".join(map(tables().fold_text, text))
    pays = finder().find(folded, country)
    ends = [0, *(pay.end for pay in pays)]
    for end, pay in zip(ends, pays, strict=False):
        assert end <= pay.start < pay.end <= len(folded)
        assert 0 < pay.low <= pay.high
        assert pay.currency is None or pay.currency in SEEDS["currencies"]
        assert pay.period is None or pay.period in SEEDS["per_month"]
    for name, pay in finder().cues(pays, folded, language):
        assert name in PAY_CUES
        assert pay in pays


plain = st.lists(st.sampled_from([text for text in PIECES if text.isascii()]), min_size=3, max_size=6).map(". ".join)


@settings(max_examples=60, deadline=None)
@given(plain, plain)
def test_another_field_changes_nothing_before_it(one: str, other: str) -> None:
    first, second = tables().fold_text(one), tables().fold_text(other)
    assert finder().find(first + chr(BREAK) + second)[: len(finder().find(first))] == finder().find(first)


HOSTILE = {
    "digits": "1" * 200_000,
    "money": "$" * 200_000,
    "pairs": "$1" * 100_000,
    "spaced": "1 " * 100_000,
    "thousands": "1," * 100_000,
    "ranges": "1k-" * 66_666,
    "dashes": "1-" * 100_000,
    "bare": "salary 500 " * 18_000,
    "years": "2011 salary " * 16_000,
    "counted": "999 calls " * 20_000,
    "han": "一万 " * 66_666,
    "scales": "万" * 200_000,
    "marks": "\u0301" * 200_000,
    "surrogates": "\ud800 5" * 66_666,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    text = HOSTILE[name]
    start = time.perf_counter()
    pays = finder().find(text)
    finder().cues(pays, text, "en")
    assert len(pays) <= MOST
    assert time.perf_counter() - start < 3, "200,000 characters take about a second at most, on a busy machine three"


def test_pay_is_frozen() -> None:
    (pay,) = find("$2,000 per month")
    with pytest.raises(FrozenInstanceError):
        pay.low = 1.0  # type: ignore[misc]


# --- seeds ----------------------------------------------------------------------------------------------------------


def test_finding_leaves_the_seeds_alone() -> None:
    seeds = copy.deepcopy(SEEDS)
    PayFinder(seeds, tables().fold_text).find("$2,000 per month, rs 500 daily, 月薪3万")
    assert seeds == SEEDS


def test_no_word_means_two_things() -> None:
    meanings: dict[tuple[str, str], set[Sense]] = defaultdict(set)
    for table, words, sense in entries(SEEDS):
        for word in words:
            folded = han_as_digits(tables().fold_text(word))
            assert folded.strip(), f"nothing of {word!r} is left after folding"
            meanings[table, folded].add(sense._replace(language=""))
    twice = {key: senses for key, senses in meanings.items() if len(senses) > 1}
    assert set(twice) <= {("after", "k"), ("before", "kgs")}, "a kwacha before, a thousand after; Kyrgyz som, kilograms"


def test_every_figure_has_a_year_and_a_source() -> None:
    known = set(yaml.safe_load((ROOT / "seeds" / "sources.yaml").read_text(encoding="utf-8"))["sources"])
    known |= {row["key"] for row in SEEDS["sources"]} | {"unsourced"}
    rows = [SEEDS["rates"], SEEDS["ppp_prices"], SEEDS["skilled_times"]]
    for row in [*rows, *SEEDS["countries"].values(), *SEEDS["unknown_place"].values()]:
        assert row["source"] in known
        assert 2010 <= row["year"] <= 2026


def test_countries_and_languages_fit_the_currencies() -> None:
    for row in SEEDS["countries"].values():
        assert row["currency"] in SEEDS["currencies"]
        assert ("own" in row) != ("ppp" in row)
    for row in SEEDS["languages"].values():
        assert row.get("country", "US") in SEEDS["countries"]
        assert set(row.get("currencies", ())) <= set(SEEDS["currencies"])
    for codes in SEEDS["shared"].values():
        assert set(codes) <= set(SEEDS["currencies"])
