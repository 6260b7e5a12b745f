"""Which columns of a stock stand for which field of an advert."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from model.advert import FIELDS, Advert
from model.errors import AdvertError, OptionError
from model.jsonlines import decoded

ID, TEXT, POSTING = "id", "text", "posting"
KNOWN = (ID, TEXT, *FIELDS)
Record = bytes | Mapping[str, object] | AdvertError
"""A row as it was read: a line of JSON, cells by field (text or bytes of UTF-8, None where empty), or what is wrong with it."""


@dataclass(frozen=True)
class Columns:
    """given: column by field, as the caller maps them. Fields that are not mapped are taken from the columns of their own names.

    Where there is a text, it is the advert; the eight fields are then left out.
    """

    given: Mapping[str, str]

    @classmethod
    def parsed(cls, pairs: Sequence[str]) -> "Columns":
        """From `FIELD=COLUMN`. Raises OptionError."""
        given = {}
        for pair in pairs:
            field, _, column = pair.partition("=")
            if field not in KNOWN or not column or field in given:
                raise OptionError(f"--column takes FIELD=COLUMN, each field once, of {', '.join(KNOWN)}; found {pair!r}.", "column")
            given[field] = column
        return cls(given)

    def among(self, present: Collection[str]) -> dict[str, str]:
        """Column by field, for a table that has these columns. Raises OptionError naming what is missing."""
        missing = [column for column in self.given.values() if column not in present]
        if missing:
            raise OptionError(f"there is no column {missing[0]!r}; there are {shown(present)}.", missing[0])
        mapped = set(self.given) - {ID}
        wanted = mapped or {TEXT} & set(present) or set(FIELDS) & set(present)
        if not wanted:
            raise OptionError(f"no column is named `text` or like a field; there are {shown(present)}. Map them with --column.", TEXT)
        named = {field: self.given.get(field, field) for field in KNOWN if field in wanted or field == ID}
        return {field: column for field, column in named.items() if column in present}

    def advert(self, record: Record) -> tuple[str | None, Advert | AdvertError]:
        """The id and the advert of a row, or what is wrong with it."""
        name = None
        try:
            if isinstance(record, AdvertError):
                return None, record
            cells = self._cells(decoded(record)) if isinstance(record, bytes) else record
            name = id_of(cells.get(ID))
            return name, advert_of(cells)
        except AdvertError as e:
            return name, e

    def _cells(self, record: object) -> Mapping[str, object]:
        """The fields of a line of JSON, mapped. Raises AdvertError."""
        if not isinstance(record, Mapping):
            raise AdvertError(f"expected an object with `text`, `posting` or fields, found {type(record).__name__}.")
        if not self.given:
            return record
        return {field: record.get(column) for field, column in {ID: ID, **self.given}.items()}


def advert_of(cells: Mapping[str, object]) -> Advert:
    """From a text, a posting or fields. Raises AdvertError."""
    if cells.get(TEXT) is not None or cells.get(POSTING) is not None:
        return Advert.from_record({**cells, TEXT: as_text(cells.get(TEXT), TEXT)})
    fields = {field: as_text(cells.get(field), field) for field in FIELDS if cells.get(field) is not None}
    if not fields:
        raise AdvertError("the row has no text; its fields are empty or named otherwise (see --column).", TEXT)
    return Advert.from_posting(fields)


def as_text(value: object, field: str) -> object:
    """Bytes as the text they hold; anything else as it is. Raises AdvertError where they are not UTF-8."""
    try:
        return value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeDecodeError as e:
        raise AdvertError(f"byte {e.start} of {field} is not UTF-8; write the file as UTF-8.", field) from e


def id_of(value: object) -> str | None:
    """An id as text; None where there is none. Raises AdvertError where it is an object, a list or not UTF-8."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return str(as_text(value, ID))
    if isinstance(value, int | float):
        return str(value)
    raise AdvertError(f"id must be text or a number, not {type(value).__name__}.", ID)


def shown(columns: Collection[str]) -> str:
    """Some of the columns, to tell the caller."""
    names = sorted(columns)
    return ", ".join(repr(name[:40]) for name in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
