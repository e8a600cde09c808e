"""What a word of a cry may be besides what was typed: fear makes hands shake, and each region has its own words.

The words are in `handlers/words/tieng-vung.toml`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from questionnaires.answers.phrases import Words
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token
from questionnaires.answers.typing import slips

SAID: Final = Words.read(Path(__file__).parent / "words" / "tieng-vung.toml")


def in_both_spellings(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the common words by the regional word as it is written and, unless it begins with "=", as it is typed without
    marks."""
    common: dict[str, tuple[str, ...]] = {}
    for word, meaning in words.items():
        written = word.removeprefix("=")
        for typed in dict.fromkeys((written, bare(word) if written == word else written)):
            common[typed] = (*common.get(typed, ()), meaning)
    return common


AS_SPELT: Final = frozenset(SAID.phrases("as_spelt"))
"""Words that are not tried with l for n, or n for l."""
REGIONAL: Final = in_both_spellings(SAID.pairs("regional"))
"""What people of all regions say for a word of one region, by that word with and without its marks."""


def with_slips(token: Token) -> Token:
    """Return `token` with what else it may be: typed in Telex with one key wrong, since fear makes hands shake, l for
    n, or a word of one region."""
    if token.kind != "word":
        return token
    others = (*slips(token.text), *with_l_for_n(token.text), *in_common_words(token))
    return token._replace(forms=(*(token.forms or (token.text,)), *others)) if others else token


def with_l_for_n(word: str) -> tuple[str, ...]:
    """Return what `word` is for speakers for whom l and n are one sound: "nũ nên" is "lũ lên"."""
    other = {"l": "n", "n": "l"}.get(word[:1], "")
    swaps = other and word[1:2] not in ("", "g", "h") and word not in AS_SPELT
    return (other + word[1:],) if swaps else ()


def in_common_words(token: Token) -> tuple[str, ...]:
    """Return the words that people of all regions say for `token`: for "nác", and "nac", it is "nước"."""
    typed = token.forms or (token.text,)
    return tuple(common for form in typed for common in REGIONAL.get(form, ()))
