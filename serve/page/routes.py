"""`/`, `/campaign`, `/poster`, `/quiz`, `/learn`: forms that judge, and pages that explain. Every one works without a script."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from model.advert import Advert
from model.advice import Adviser
from model.classifier import Options
from model.errors import LurewatchError
from model.lures import LURES
from serve import tally
from serve.duty import Duty
from serve.limits import TOO_LARGE
from serve.page.assets import PREFIX, Assets
from serve.page.bodies import Bodies
from serve.page.examples import Examples
from serve.page.forms import Sent, sent
from serve.page.languages import Languages, Words
from serve.page.mistakes import ReaderError, key_of
from serve.page.rendering import Renderer
from serve.page.telling import Told, told
from serve.page.uploads import ads_of_file, ads_of_paste
from serve.scoring import Scoring

MOST_ADS = 200
"""Ads that one campaign takes."""
STATUS = {"too_large": 413, "busy": 503}
CLEAN = str.maketrans({"\r": "\n", "\0": "\ufffd"})
NOTHING = Sent("", None, "", "", "", "")
Page = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Row:
    """One ad of a campaign: its verdict, or the key of the sentence that says why there is none."""

    number: int
    told: Told | None
    mistake: str | None


@dataclass(frozen=True)
class Site:
    """What the pages are made with."""

    scoring: Scoring
    renderer: Renderer
    adviser: Adviser
    examples: Examples

    async def judged(self, text: str, words: Words) -> Told:
        """The verdict on one plain text. Raises LurewatchError."""
        text = clean(text)
        settings = self.scoring.settings
        verdict = await self.scoring.judge(Advert.from_text(text), Options(prior=settings.prior, tier=settings.tier))
        tally.judged(verdict, settings.tier)
        return told(verdict, text, words, self.adviser)

    async def row(self, number: int, text: str, words: Words) -> Row:
        """The verdict on one of many; other requests have their turn in between."""
        await asyncio.sleep(0)
        try:
            return Row(number, await self.judged(text, words), None)
        except LurewatchError as e:
            key = key_of(e)
            return Row(number, None, "row" if key == "empty" else key)

    async def form(self, request: Request) -> tuple[Sent, Words, str | None]:
        """What a form sent, the reader's language, and the key of what is wrong with the form."""
        if request.scope.get(TOO_LARGE):
            return NOTHING, self.renderer.words(request, ""), "too_large"
        try:
            given, mistake = await sent(request, self.scoring.settings.largest_body), None
        except ReaderError as e:
            given, mistake = NOTHING, e.key
        return given, self.renderer.words(request, given.lang), mistake


Sites = Callable[[], Site]
"""Gives the one of the model on duty."""


def router(duty: Duty) -> APIRouter:
    """The routes of the page."""
    assets, languages, bodies = Assets.load(), Languages.load(), Bodies.load()
    examples = Examples(languages.showpieces)

    def site_of(scoring: Scoring) -> Site:
        knowledge = scoring.classifier.artefact.knowledge
        renderer = Renderer(assets, languages, bodies, knowledge.texts, scoring.settings.largest_body)
        return Site(scoring, renderer, Adviser(knowledge), examples)

    sites = duty.made(site_of)
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    async def static(digest: str, name: str) -> Response:
        return assets.answer(digest, name)

    routes.add_api_route(PREFIX + "/{digest}/{name}", static)
    routes.add_api_route("/", check(sites), methods=["GET", "POST"])
    routes.add_api_route("/campaign", campaign(sites), methods=["GET", "POST"])
    for name in ("poster", "quiz"):
        routes.add_api_route(f"/{name}", one_ad(sites, name), methods=["GET", "POST"])
    routes.add_api_route("/learn", learn(sites))
    routes.add_api_route("/learn/{lure}", lesson(sites))
    return routes


def check(sites: Sites) -> Page:
    """The page where one ad is checked."""

    async def answer(request: Request) -> Response:
        site = sites()
        if request.method == "GET":
            country = site.renderer.country(request, None)
            return site.renderer.page("check", site.renderer.words(request, None), told=None, country=country, bodies=())
        given, words, mistake = await site.form(request)
        text, found = given.text, None
        try:
            if given.file and not mistake:
                texts = [ad for ad in ads_of_file(*given.file) if ad]
                text, mistake = texts[0] if texts else "", "several" if len(texts) > 1 else None
            if not mistake or mistake == "several":
                found = None if given.do == "language" and not text else await site.judged(text, words)
        except LurewatchError as e:
            mistake = key_of(e)
        country = site.renderer.country(request, given.country)
        status = 200 if found or not mistake else STATUS.get(mistake, 422)
        bodies = site.renderer.bodies.of(country)
        return site.renderer.page("check", words, status, told=found, text=clean(text), message=mistake, country=country, bodies=bodies)

    return answer


def campaign(sites: Sites) -> Page:
    """The page where many ads are checked at once."""

    async def answer(request: Request) -> Response:
        site = sites()
        if request.method == "GET":
            return site.renderer.page("campaign", site.renderer.words(request, None), rows=(), most=MOST_ADS)
        given, words, mistake = await site.form(request)
        texts: list[str] = []
        try:
            texts = ads_of_file(*given.file, many=True) if given.file else ads_of_paste(given.text)
        except LurewatchError as e:
            mistake = key_of(e)
        if not any(texts) and not mistake and given.do != "language":
            texts, mistake = [], "empty"
        rows = [await site.row(number, text, words) for number, text in enumerate(texts[:MOST_ADS], 1)]
        if len(texts) > MOST_ADS:
            mistake = "many"
        status = 200 if rows or not mistake else STATUS.get(mistake, 422)
        typed = "\n---\n".join(texts) if given.file and rows else given.text
        return site.renderer.page("campaign", words, status, rows=rows, text=clean(typed), message=mistake, most=MOST_ADS)

    return answer


def one_ad(sites: Sites, name: str) -> Page:
    """Poster or quiz of the ad that is sent; of one that we wrote where none is."""

    async def answer(request: Request) -> Response:
        site = sites()
        given, words, mistake = await site.form(request) if request.method == "POST" else (NOTHING, None, None)
        words = words or site.renderer.words(request, None)
        text = given.text if given.text.strip() else site.examples.of(words.language).showpiece
        try:
            found = await site.judged(text, words)
        except LurewatchError as e:
            return site.renderer.page("check", words, 422, told=None, text=clean(text), message=key_of(e), bodies=())
        paper = given.paper if given.paper in ("a4", "a3") else "a4"
        return site.renderer.page(name, words, told=found, text=found.text, message=mistake, paper=paper)

    return answer


def learn(sites: Sites) -> Page:
    """All lures."""

    async def answer(request: Request) -> Response:
        site = sites()
        return site.renderer.page("learn", site.renderer.words(request, None))

    return answer


def lesson(sites: Sites) -> Callable[[Request, str], Awaitable[Response]]:
    """One lure, with examples that we wrote and what reports say."""

    async def answer(request: Request, lure: str) -> Response:
        site = sites()
        knowledge = site.scoring.classifier.artefact.knowledge
        if lure not in LURES:
            raise HTTPException(404, "no such lure; /learn has them all.")
        words = site.renderer.words(request, None)
        examples = site.examples.of(words.language).by_lure.get(lure, ())
        facts = [(fact["text"], knowledge.sources[fact["source"]]) for fact in knowledge.lures[lure]["facts"]]
        return site.renderer.page("lesson", words, lure=lure, examples=examples, facts=facts)

    return answer


def clean(text: str) -> str:
    """The text as a browser shows it, place for place: one sign for a line's end, none that HTML cannot hold."""
    return text.replace("\r\n", "\n").translate(CLEAN).encode("utf-8", "replace").decode()
