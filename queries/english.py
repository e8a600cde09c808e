"""Questions in English, read by the grammar of Vietnamese.

A question is a handful of parts in any order, so it is enough to say each part in Vietnamese: "who has not reported"
is "ai chưa báo cáo". Names of indicators and of places stay as they are typed; the plans have the former in both.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from queries.dictionary import Dictionary
from queries.names import PlaceNames
from queries.vocabulary import FOLDER
from questionnaires.answers.phrases import Words
from questionnaires.answers.tokens import Token, tokens_of

ENGLISH: Final = Words.read(FOLDER / "tieng-anh.toml")
SURE: Final = ENGLISH.flags("sure")
PHRASES: Final = ENGLISH.table("phrases", str)


def in_vietnamese(tokens: Sequence[Token], dictionary: Dictionary, places: PlaceNames) -> Sequence[Token]:
    """The words with those of English said in Vietnamese; as they are where the question is not English."""
    if not is_english(tokens):
        return tokens
    return tokens_of(" ".join(words(tokens, dictionary, places)))


def is_english(tokens: Sequence[Token]) -> bool:
    """Whether a question is English: it has no marks of Vietnamese, and a word that only English has."""
    plain = all(token.text.isascii() for token in tokens)
    return plain and any(SURE.at(tokens, place) for place in range(len(tokens)))


def words(tokens: Sequence[Token], dictionary: Dictionary, places: PlaceNames) -> Iterator[str]:
    """The words in Vietnamese, the longest phrase first; names of places ("Nghe An") as they are."""
    place = 0
    while place < len(tokens):
        called = max((span.end for span in places.places(tokens, place)), default=place)
        if called > place + 1:
            yield from (token.text for token in tokens[place:called])
            place = called
        else:
            said, place = phrase_at(tokens, place, dictionary)
            yield said


def phrase_at(tokens: Sequence[Token], place: int, dictionary: Dictionary) -> tuple[str, int]:
    """The longer of an indicator's name and another phrase at `place`, in Vietnamese, and the place behind it.

    A word that is neither stays as it is.
    """
    phrase = PHRASES.at(tokens, place)
    named = dictionary.english.at(tokens, place)
    if named is not None and (phrase is None or named[1] > phrase[1]):
        return dictionary.plans.indicators[named[0][0]].names["vi"].lower(), named[1]
    return phrase or (tokens[place].text, place + 1)
