"""Questions in English, read with the Vietnamese grammar.

A question is a few parts in any order, so it is enough to translate each part: "who has not reported" is "ai chưa báo
cáo". Names of places stay as typed; the plans name their indicators in both languages.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from queries.dictionary import Dictionary
from queries.names import PlaceNames
from queries.vocabulary import FOLDER
from questionnaires.answers.phrases import Words
from questionnaires.answers.tokens import Table, Token, tokens_of

ENGLISH: Final = Words.read(FOLDER / "tieng-anh.toml")
SURE: Final = ENGLISH.flags("sure")
PHRASES: Final = ENGLISH.table("phrases", str)
YES_OR_NO: Final = ENGLISH.flags("yes_or_no")
"""Begins a question that is answered with yes or no."""
ARRIVED: Final = ENGLISH.flags("arrived")
"""Says that a value was reached."""


KINDS: Final = Table(
    {"village": "thôn", "commune": "xã", "ward": "phường", "district": "huyện", "province": "tỉnh"}
)
"""Kinds of units, behind their names."""


def in_vietnamese(tokens: Sequence[Token], dictionary: Dictionary, places: PlaceNames) -> Sequence[Token]:
    """The words in Vietnamese; unchanged if the question is not English."""
    if not is_english(tokens):
        return tokens
    yet = ("chưa",) if asks_yet(tokens) else ()
    return tokens_of(" ".join((*words(tokens, dictionary, places), *yet)))


def asks_yet(tokens: Sequence[Token]) -> bool:
    """Whether it is asked whether something has come so far by now: "has … reached 80 %"."""
    number = any(token.kind == "number" for token in tokens)
    return bool(number and YES_OR_NO.at(tokens, 0)) and ARRIVED.first_in(tokens) is not None


def is_english(tokens: Sequence[Token]) -> bool:
    """Whether a question is English: it has no Vietnamese letters, and a word that only English has."""
    plain = all(token.text.isascii() for token in tokens)
    return plain and any(SURE.at(tokens, place) for place in range(len(tokens)))


def words(tokens: Sequence[Token], dictionary: Dictionary, places: PlaceNames) -> Iterator[str]:
    """The words in Vietnamese, the longest phrase first; names of places ("Nghe An") unchanged."""
    place = 0
    while place < len(tokens):
        called = max((span.end for span in places.places(tokens, place)), default=place)
        if called > place + 1:
            kind = KINDS.at(tokens, called)
            if kind is not None:  # "Bach Thong district": the kind stands before the name in Vietnamese
                yield kind[0]
            yield from (token.text for token in tokens[place:called])
            place = kind[1] if kind else called
        else:
            said, place = phrase_at(tokens, place, dictionary)
            yield said


def phrase_at(tokens: Sequence[Token], place: int, dictionary: Dictionary) -> tuple[str, int]:
    """The longer of an indicator's name and another phrase at `place`, in Vietnamese, and the place after it.

    Any other word stays as it is.
    """
    phrase = PHRASES.at(tokens, place)
    named = dictionary.english.at(tokens, place)
    if named is not None and (phrase is None or named[1] > phrase[1]):
        return dictionary.plans.indicators[named[0][0]].names["vi"].lower(), named[1]
    return phrase or (tokens[place].text, place + 1)
