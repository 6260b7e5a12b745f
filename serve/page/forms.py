"""What the page's forms send. Files stay in memory: nothing of an ad touches the disk."""

from dataclasses import dataclass
from pathlib import PurePath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from serve.page.mistakes import ReaderError

MOST_FIELDS = 20
LONGEST_NAME = 120


class InMemory(MultiPartParser):
    """Starlette's parser, which would write files of more than a megabyte to a temporary file."""

    spool_max_size = 2**62


@dataclass(frozen=True)
class Sent:
    """text: as typed. file: name and content, None where none was chosen. do: which button was pressed."""

    text: str
    file: tuple[str, bytes] | None
    lang: str
    country: str
    do: str
    paper: str


async def sent(request: Request, largest: int) -> Sent:
    """Read a form of at most `largest` bytes. Raises ReaderError where it is none."""
    try:
        form = await parsed(request, largest)
    except (MultiPartException, UnicodeDecodeError, ValueError) as e:
        raise ReaderError("encoding") from e
    upload = form.get("file")
    file = (PurePath(upload.filename or "").name[:LONGEST_NAME], await upload.read()) if isinstance(upload, UploadFile) else None
    texts = {key: value for key, value in form.items() if isinstance(value, str)}
    line_ends = texts.get("text", "").replace("\r\n", "\n")
    return Sent(line_ends, file if file and file[0] else None, *(texts.get(key, "")[:16] for key in ("lang", "country", "do", "paper")))


async def parsed(request: Request, largest: int) -> FormData:
    """The form, multipart or not."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        parser = InMemory(request.headers, request.stream(), max_files=2, max_fields=MOST_FIELDS, max_part_size=largest)
        return await parser.parse()
    return await FormParser(request.headers, request.stream()).parse()
