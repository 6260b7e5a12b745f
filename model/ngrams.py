"""Tokens, and word and character n-grams, as 64-bit hashes. One pass over arrays, no strings.

A token's hash is polynomial in its code points (every digit counts as 0, so that no number is learnt, only its length); an n-gram's hash
mixes those of its tokens. Scripts with spaces: 1 to 3 words. Scripts without: 2 to 5 characters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.native import kernel
from model.native.arrays import Text
from model.normalise import Normalised
from model.stream import Places
from model.table import Hashes


@dataclass(frozen=True)
class NGrams:
    """Occurrences by place: hash (uint64), first token and number of tokens (int32, int8), all of shape (g,)."""

    hashes: Hashes
    first: Places
    length: NDArray[np.int8]


@dataclass(frozen=True)
class TokenHashes:
    """Hashes of all tokens. whole: uint64, shape (tokens,), every digit read as 0. exact: with digits told apart, for hand-written phrases.

    text: both, with the tokens, as the kernel takes them.
    """

    whole: Hashes
    exact: Hashes
    text: Text

    @classmethod
    def of(cls, n: Normalised) -> "TokenHashes":
        """Hash every token of a batch."""
        codes, tokens = n.chars.codes, n.tokens
        whole, exact = kernel.hash_tokens(codes, tokens.first, tokens.last)
        text = Text.of(
            codes=codes,
            first=tokens.first,
            last=tokens.last,
            field=tokens.field,
            unspaced=tokens.unspaced,
            whole=whole,
            exact=exact,
            tokens=len(whole),
        )
        return cls(whole, exact, text)

    def ngrams(self) -> NGrams:
        """All n-grams that stay within one field and one way of writing."""
        return NGrams(*kernel.grams(self.text))
