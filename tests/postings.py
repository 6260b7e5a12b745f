"""Twenty invented jobs, and how boards' systems would send each of them. Contents are made up; shapes are those of the public formats."""

import html
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Made:
    """An invented job; pay is (low, high, currency, unit), `said` a text of it."""

    title: str
    company: str
    place: tuple[str, str, str]
    pay: tuple[float, float, str, str] | None
    said: str
    text: tuple[str, ...]
    asks: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    about: str = ""


JOBS = (
    Made(
        "Customer service agent (Chinese & English)", "Golden Star Ltd.", ("Mae Sot", "Tak", "TH"), (2000, 3000, "USD", "MONTH"),
        "$2,000 - $3,000 a month", ("Free flight, visa & room: everything is paid by the company.", "Leave this week! Telegram @hr_star"),
        ("No experience needed", "Type 40 words a minute"), ("Dormitory inside the compound", "Commission <on top>"),
    ),
    Made(
        "Shop assistant", "Pells & Sons", ("Leeds", "West Yorkshire", "GB"), (12.6, 13.1, "GBP", "HOUR"), "£12.60-£13.10 an hour",
        ("Till, shelves and deliveries, 20 hours a week over four days.",), ("Friendly & on time",),
        ("28 days' holiday",), "A family shop.",
    ),
    Made(
        "Data entry clerk - work from home", "QuickType", ("Manila", "NCR", "PH"), (200, 500, "USD", "DAY"), "200-500 USD/day",
        ("Earn daily in USDT 💰💰 from your phone.", "A small deposit unlocks more tasks; it is refunded the same day. WhatsApp only."),
        ("Anyone can do it",), ("Paid every day 🎉",),
    ),
    Made(
        "Registered nurse, night shift", "St. Hedwig Clinic", ("Bremen", "Bremen", "DE"), (3400, 3900, "EUR", "MONTH"),
        "3.400 - 3.900 € im Monat", ("Wir suchen eine Pflegefachkraft (m/w/d) für unsere Station für Innere Medizin.",),
        ("Anerkannte Ausbildung",), ("30 Tage Urlaub", "Jobticket"), "Ein Haus der Grundversorgung.",
    ),
    Made(
        "พนักงานคีย์ข้อมูล ปอยเปต", "บริษัทออนไลน์",
        ("Poipet", "Banteay Meanchey", "KH"), (35000, 50000, "THB", "MONTH"), "35,000 บาท/เดือน",
        ("รับสมัครด่วน ไม่ต้องมีประสบการณ์ มีที่พักฟรี อาหารฟรี", "ติดต่อไลน์ @jobpoipet บริษัทออกค่าเดินทางให้"), ("พิมพ์ได้",),
        ("โบนัส 😀",),
    ),
    Made(
        "Lowongan customer service Kamboja", "PT Maju",
        ("Phnom Penh", "", "KH"), (12000000, 18000000, "IDR", "MONTH"), "12-18 juta per bulan",
        ("Tiket dan visa ditanggung perusahaan, tanpa pengalaman.", "Mess dan makan gratis. Hubungi Telegram @hrd_kh"), ("Bisa mengetik",),
    ),
    Made(
        "Tuyển nhân viên chăm sóc khách hàng", "Casino Sao", ("Bavet", "Svay Rieng", "KH"), (900, 1500, "USD", "MONTH"), "900-1500$",
        ("Việc nhẹ lương cao, không cần kinh nghiệm, bao ăn ở.", "Bao hộ chiếu và xe đưa đón qua cửa khẩu. Zalo 0900 000 000"),
    ),
    Made(
        "高薪诚聘打字员", "金三角科技", ("Tachileik", "Shan", "MM"), (15000, 30000, "CNY", "MONTH"), "月薪15000-30000元",
        ("包机票包签证包吃住，无需经验。", "园区内上班，联系飞机 @hr888"), ("会打字即可",), ("提成高",),
    ),
    Made(
        "Mozo/a de almacén", "Transportes Ruiz", ("Zaragoza", "Aragón", "ES"), (1300, 1450, "EUR", "MONTH"), "1.300 € brutos/mes",
        ("Carga y descarga, preparación de pedidos y control de existencias.",), ("Carné de carretillero",), ("Contrato indefinido",),
    ),
    Made(
        "Traductor para Asia, todo pagado", "Global Media", ("Bangkok", "", "TH"), (3000, 5000, "USD", "MONTH"), "hasta 5.000 dólares",
        ("Vuelo, visado y alojamiento incluidos, sin experiencia.", "La empresa guarda el pasaporte para el visado. Escribe por Telegram."),
    ),
    Made(
        "مطلوب موظف خدمة عملاء", "شركة النجم", ("Dubai", "Dubai", "AE"), (2500, 4000, "USD", "MONTH"), "2500 دولار شهريا",
        ("تذكرة مجانية وسكن مجاني وبدون خبرة.", "تواصل عبر تيليجرام @hr_dxb"), ("إجادة الطباعة",),
    ),
    Made(
        "डेटा एंट्री ऑपरेटर, थाईलैंड", "स्टार ओवरसीज",
        ("Mae Sot", "", "TH"), (80000, 120000, "INR", "MONTH"), "80,000-1,20,000 रुपये महीना",
        ("मुफ्त टिकट, वीज़ा और रहना। अनुभव की ज़रूरत नहीं।", "टेलीग्राम पर संपर्क करें @hr_star"),
    ),
    Made(
        "Product reviewer (part-time)", "LikeBoost", ("Remote", "", "US"), (80, 300, "USD", "DAY"), "Up to $300/day!!",
        ("L\u200bike vid\u200beos and get p\u200baid. No exper\u00adience.", "Top up your account to unlock the next task set."),
        ("18+",), ("Cash 💸 daily",),
    ),
    Made(
        "Junior software engineer", "Kestrel Systems", ("Tallinn", "Harju", "EE"), (32000, 41000, "EUR", "YEAR"), "€32,000 – €41,000",
        ("You will write Python & TypeScript for harbour logistics; code review < 24 h.",), ("Python", "SQL"),
        ("Stock options",), "Forty people.",
    ),
    Made(
        "Моряк / оператор чата", "Азия Плюс", ("Мьявади", "", "MM"), (2000, 2500, "USD", "MONTH"), "от 2000 $ в месяц",
        ("Билет и проживание за счёт компании, без опыта.", "Пишите в Телеграм @asia_plus"), ("Возраст 20–35",),
    ),
    Made(
        "Prоmоter fоr crypto platfоrm", "ChainUp", ("Vientiane", "", "LA"), (1800, 2600, "USD", "MONTH"), "1800-2600 USDT",
        ("𝗙𝗿𝗲𝗲 flight 𝗮𝗻𝗱 room. N0 experience.", "T e l e g r a m only: t.me/chainup_hr"),
        ("Chat with customers",), ("Big commission 🚀🚀",),
    ),
    Made(
        "Auxiliar de cozinha", "Restaurante Dona Rosa", ("Porto", "", "PT"), (870, 950, "EUR", "MONTH"), "870 € + subsídio de alimentação",
        ("Procuramos auxiliar para serviço de jantares, terça a sábado.",), ("HACCP é uma vantagem",), ("Refeições incluídas",),
    ),
    Made(
        "Seafarer / deck hand", "Blue Anchor Crewing", ("Durban", "KwaZulu-Natal", "ZA"), (900, 1100, "USD", "MONTH"), "USD 900-1,100 pm",
        ("Join a reefer in Walvis Bay; contract of nine months under an ILO-compliant agreement.",), ("STCW Basic Safety",), ("Flights",),
    ),
    Made(
        "Payment processing agent", "EuroTrade", ("Lyon", "", "FR"), (500, 500, "EUR", "WEEK"), "500 € par semaine",
        ("Receive payments on your own account & forward them, keep 10 %.", "No interview. Send a photo of your passport today."),
        ("Bank account",),
    ),
    Made(
        "Kasir minimarket", "Toko Sumber", ("Bandung", "Jawa Barat", "ID"), (3200000, 3600000, "IDR", "MONTH"), "Rp3,2 juta",
        ("Melayani pelanggan dan menata barang, shift pagi dan sore.",), ("Minimal SMA",), ("BPJS",), "Toko kelontong keluarga.",
    ),
)  # fmt: skip


def page_of(job: Made) -> str:
    """The text as HTML, the way editors write it."""
    out = "".join(f"<p>{html.escape(part)}</p>\n" for part in job.text)
    return out.replace("company", "<strong>com</strong>pany").replace("Free", "&#70;ree") + "<p>&nbsp;</p>"


def listed(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in items) + "</ul>"


def plain(job: Made, _: int) -> dict[str, Any]:
    return {"text": "\n".join((job.title, job.company, " ".join(job.place), job.said, *job.text, *job.asks, *job.gives))}


def posting(job: Made, i: int) -> dict[str, Any]:
    fields = {
        "title": job.title,
        "company": job.company,
        "company_profile": job.about,
        "location": ", ".join(job.place),
        "salary": job.said,
    }
    body = {
        "description": page_of(job) if i % 2 else "\n".join(job.text),
        "requirements": "; ".join(job.asks),
        "benefits": listed(job.gives),
    }
    return {"posting": {key: value for key, value in {**fields, **body}.items() if value or i % 3 == 0}}


def jobposting(job: Made, i: int) -> dict[str, Any]:
    """JSON-LD in the varieties that pages use: graphs, references, arrays, strings for objects, escaped HTML."""
    town, region, country = job.place
    address = {"@type": "PostalAddress", "addressLocality": town, "addressRegion": region, "addressCountry": country}
    organisation: Any = {
        "@type": "Organization",
        "@id": "#org",
        "name": job.company,
        "description": job.about,
        "sameAs": "https://org.example",
    }
    node: dict[str, Any] = {
        "@type": ["JobPosting", "https://schema.org/JobPosting", ["JobPosting", "Thing"]][i % 3],
        "title": job.title,
        "identifier": {"@type": "PropertyValue", "name": job.company, "value": f"ld-{i}"} if i % 2 else f"ld-{i}",
        "description": html.escape(page_of(job)) if i % 4 == 1 else page_of(job),
        "hiringOrganization": job.company if i % 5 == 4 else organisation,
        "jobLocation": [{"@type": "Place", "address": address}] if i % 2 else {"@type": "Place", "address": " ".join(job.place)},
        "qualifications": list(job.asks) if i % 2 else ", ".join(job.asks),
        "jobBenefits": listed(job.gives),
        "employmentType": ["FULL_TIME", "CONTRACTOR"],
        "datePosted": "2026-11-02",
    }
    if job.pay:
        low, high, currency, unit = job.pay
        value: Any = {"@type": "QuantitativeValue", "minValue": low, "maxValue": high, "unitText": unit}
        value = [value, low, job.said, {**value, "minValue": str(low)}][i % 4]
        node["baseSalary"] = {"@type": "MonetaryAmount", "currency": currency, "value": value}
    if i % 5 == 1:
        node["hiringOrganization"] = {"@id": "#org"}
        return {"@context": "https://schema.org", "@graph": [organisation, {"@type": "BreadcrumbList", "name": "Jobs"}, node]}
    return {"@context": "https://schema.org", **node}


def greenhouse(job: Made, i: int) -> dict[str, Any]:
    """`content` is escaped HTML, so what was escaped in it is escaped twice."""
    pay: list[Any] = []
    if job.pay and i % 2:
        pay = [{"min_cents": int(job.pay[0] * 100), "max_cents": int(job.pay[1] * 100), "currency_type": job.pay[2], "title": job.said}]
    return {
        "id": 4_000_000 + i,
        "internal_job_id": 5_000_000 + i,
        "title": job.title,
        "company_name": job.company,
        "updated_at": "2026-11-14T10:55:28-05:00",
        "location": {"name": ", ".join(job.place)},
        "absolute_url": f"https://boards.greenhouse.example/x/jobs/{i}",
        "metadata": None,
        "content": html.escape(page_of(job) + listed(job.asks) + listed(job.gives)),
        "departments": [{"id": 1, "name": "Ops", "child_ids": [], "parent_id": None}],
        "offices": [{"id": 2, "name": job.place[0], "location": ", ".join(job.place)}],
        **({"pay_input_ranges": pay} if pay else {}),
    }


def lever(job: Made, i: int) -> dict[str, Any]:
    text = "\n".join(job.text)
    full = {"description": page_of(job), "descriptionPlain": text, "additional": listed(job.gives), "additionalPlain": "\n".join(job.gives)}
    bare = {"descriptionPlain": text, "additionalPlain": "\n".join(job.gives)}
    out: dict[str, Any] = {
        "id": f"lever-{i}",
        "text": job.title,
        "categories": {"location": job.place[0], "commitment": "Full-time", "team": "Ops", "allLocations": list(job.place[:2])},
        "country": job.place[2],
        "lists": [{"text": "What we ask", "content": listed(job.asks)}, {"text": "What you get", "content": listed(job.gives)}][: i % 3],
        "createdAt": 1763028000000 + i,
        "hostedUrl": f"https://jobs.lever.example/x/{i}",
        "workplaceType": "onsite",
        **(full if i % 3 else bare),
    }
    if job.pay and i % 2:
        out["salaryRange"] = {"currency": job.pay[2], "interval": f"per-{job.pay[3].lower()}-salary", "min": job.pay[0], "max": job.pay[1]}
    elif i % 4 == 0:
        out |= {"salaryDescription": f"<div>{html.escape(job.said)}</div>", "salaryDescriptionPlain": job.said}
    return out


def ashby(job: Made, i: int) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": f"ashby-{i}",
        "title": job.title,
        "department": "Ops",
        "team": "Ops",
        "employmentType": "FullTime",
        "location": ", ".join(job.place),
        "secondaryLocations": [{"location": job.place[0], "address": {"addressLocality": job.place[0]}}] if i % 2 else [],
        "isRemote": None,
        "isListed": True,
        "publishedAt": "2026-11-03T16:21:55.393+00:00",
        "descriptionHtml": page_of(job) + listed(job.asks) + listed(job.gives),
        "descriptionPlain": "\n".join((*job.text, *job.asks, *job.gives)),
        "jobUrl": f"https://jobs.ashby.example/x/{i}",
    }
    if job.pay:
        low, high, currency, unit = job.pay
        part = {"compensationType": "Salary", "interval": f"1 {unit}", "currencyCode": currency, "minValue": low, "maxValue": high}
        summary = {"compensationTierSummary": job.said, "summaryComponents": [part]}
        out["compensation"] = summary if i % 3 else {"compensationTierSummary": None, "summaryComponents": [part]}
    return out


def element(name: str, text: str, i: int) -> str:
    """An element of a feed: CDATA, as Indeed asks, or escaped, as many send it."""
    return f"<{name}><![CDATA[{text}]]></{name}>" if i % 3 else f"<{name}>{html.escape(text)}</{name}>"


def indeed_job(job: Made, i: int) -> str:
    town, region, country = job.place
    fields = {"title": job.title, "referencenumber": f"feed-{i}", "url": f"https://x.example/{i}", "company": job.company, "city": town}
    rest = {"state": region, "country": country, "description": page_of(job) + listed(job.gives), "salary": job.said}
    return "<job>\r\n" + "\r\n".join(element(*pair, i) for pair in {**fields, **rest, "education": ", ".join(job.asks)}.items()) + "</job>"


def indeed(jobs: tuple[Made, ...] = JOBS) -> str:
    """One feed of all."""
    head = '<?xml version="1.0" encoding="utf-8"?><source><publisher>Example</publisher><publisherurl>https://x.example</publisherurl>'
    return head + "".join(indeed_job(job, i) for i, job in enumerate(jobs)) + "</source>"


def web_page(job: Made, i: int) -> str:
    """A page with the job in a script, beside others."""
    crumbs = json.dumps({"@context": "https://schema.org", "@type": "BreadcrumbList"})
    kind = ['type="application/ld+json"', "TYPE='application/ld+json' id=job"][i % 2]
    script = json.dumps(jobposting(job, i), ensure_ascii=bool(i % 3)).replace("</", "<\\/")
    return (
        f"<!doctype html><html><head><title>{html.escape(job.title)}</title><script>var a = '<p>';</script>"
        f'<script type="application/ld+json">{crumbs}</script><SCRIPT {kind}>\n{script}\n</SCRIPT></head><body>{page_of(job)}</body></html>'
    )


JSON_FORMATS = {"jobposting": jobposting, "greenhouse": greenhouse, "lever": lever, "ashby": ashby}
