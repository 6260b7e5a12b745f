"""Indeed's XML feed: `<source>` with many `<job>`, or one `<job>` alone (docs.indeed.com, "XML feed reference").

The text of an element as XML reads it (CDATA opened, entities meant, line ends as `\\n`) counts as the caller's own string.
"""

from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from model.errors import AdvertError
from serve.adapters.documents import Candidate
from serve.adapters.formats import Format
from serve.adapters.paths import NONE

EXAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<source>
  <publisher>Example board</publisher>
  <job>
    <title><![CDATA[Crypto customer service]]></title>
    <referencenumber><![CDATA[feed-1]]></referencenumber>
    <company><![CDATA[Golden Star]]></company>
    <city><![CDATA[Myawaddy]]></city>
    <country><![CDATA[MM]]></country>
    <description><![CDATA[<p>Free flight &amp; dormitory, no experience. Telegram @hr_example</p>]]></description>
    <salary><![CDATA[$3000 per month]]></salary>
  </job>
</source>
"""
DEEPEST = 32
"""Elements inside each other; a feed has three, HTML that was not escaped some more."""
PLACES = (["job"], ["source", "job"])
"""Where a job stands: alone, or in a feed."""

FORMAT = Format(
    name="indeed",
    needs=("title|description",),
    id="referencenumber|requisitionid",
    fields={
        "title": ("title",),
        "company": ("company|sourcename",),
        "location": ("streetaddress", "city", "state", "country"),
        "salary": ("salary",),
        "description": ("description",),
        "requirements": ("education", "experience"),
    },
)


class XmlError(AdvertError):
    """The body is not XML, or XML of a kind that we do not take."""

    kind = "invalid_xml"


def jobs(body: bytes) -> list[Candidate]:
    """The jobs of a feed, in order. Raises XmlError."""
    feed = Feed()
    parser = DefusedXMLParser(target=feed, forbid_dtd=True)
    try:
        parser.feed(body)
        parser.close()
    except DefusedXmlException as e:
        raise XmlError("the feed declares a document type or entities; send it without `<!DOCTYPE>`.") from e
    except ParseError as e:
        line, column = e.position
        raise XmlError(f"the body is not well-formed XML (line {line}, column {column}); send one `<source>` with its `<job>`s.") from e
    except (ValueError, LookupError) as e:
        raise XmlError("the encoding that the XML declares is not one we read; send UTF-8.") from e
    return [Candidate(at, job, (FORMAT,), NONE) for at, job in feed.jobs]


class Feed:
    """Target of the XML parser: gathers the texts of each job's own elements and keeps nothing else."""

    def __init__(self) -> None:
        """`jobs`: the texts of each job by element, with its place."""
        self.jobs: list[tuple[str, dict[str, str]]] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _: object) -> None:
        """An element begins. Raises XmlError where it stands too deep."""
        self._path.append(tag.lower())
        if len(self._path) > DEEPEST:
            raise XmlError(f"elements stand more than {DEEPEST} deep; send a feed of `<source>`, `<job>` and its fields.")
        if self._path in PLACES:
            self.jobs.append((f"job[{len(self.jobs)}]" if len(self._path) > 1 else "", {}))
        elif self._path[:-1] in PLACES:
            self._text = []

    def data(self, text: str) -> None:
        """Text; that of elements inside a field belongs to the field."""
        self._text.append(text)

    def end(self, _: str) -> None:
        """An element ends."""
        if self._path[:-1] in PLACES:
            self.jobs[-1][1].setdefault(self._path[-1], "".join(self._text))
        self._path.pop()

    def close(self) -> None:
        """The feed ends."""
