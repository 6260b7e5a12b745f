"""What can go wrong, said so that the caller knows what was found, where, what was expected and what to do."""


class LurewatchError(Exception):
    """Base of all errors that a caller can mend. `field` names the part of the input that is at fault, if one is."""

    kind = "error"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def as_dict(self) -> dict[str, str | None]:
        """The error as it stands in an output line or a problem document."""
        return {"kind": self.kind, "field": self.field, "message": self.message}


class AdvertError(LurewatchError):
    """The advert cannot be judged: wrong type, empty or too long."""

    kind = "invalid_advert"


class AdvertTooLargeError(AdvertError):
    """The advert is longer than the limit."""

    kind = "advert_too_large"


class OptionError(LurewatchError):
    """An option of the call is out of its range."""

    kind = "invalid_option"


class ArtefactError(LurewatchError):
    """The artefact is missing, altered or of another format."""

    kind = "invalid_artefact"


class SeedError(LurewatchError):
    """An entry of `seeds/` is malformed; `field` is its file and line."""

    kind = "invalid_seed"
