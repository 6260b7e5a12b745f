"""What a reader can mend, each with the key of the sentence that says how."""

from model.errors import AdvertTooLargeError, LurewatchError


class ReaderError(LurewatchError):
    """Something sent by the page cannot be judged. key: of the interface text that says what to do."""

    kind = "reader_mistake"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def key_of(error: LurewatchError) -> str:
    """The interface text for an error."""
    if isinstance(error, ReaderError):
        return error.key
    if isinstance(error, AdvertTooLargeError):
        return "too_large"
    return "busy" if error.kind in ("busy", "tier_unavailable") else "empty"
