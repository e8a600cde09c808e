"""Finds places by the names people type: one reader for lists, commands, answers and questions.

    reader = Reader(tokens, gazetteer)          the words of a text, and all places that may be named
    for mention in reader.mentions(place): …    every place that is named from there on, with what it lies in
    settled(mention, gazetteer, view)           what of it is meant, on a day, seen from somebody's area; doubt is kept
    match_place(text, gazetteer, view=view)     a whole text as one place: meant, several, or what is near it

`names` knows how names are compared, `gazetteer` which places bear them, `mentions` where they stand, `meaning` what is
meant. The words stand in `words/dia-danh.toml`.
"""

from questionnaires.answers.places.gazetteer import Gazetteer, Unit, own_name
from questionnaires.answers.places.meaning import (
    PlaceMatch,
    Viewpoint,
    alive,
    as_province,
    match_place,
    read_place,
    settled,
)
from questionnaires.answers.places.mentions import Mention, Name, Reader
from questionnaires.answers.places.names import fold_place, marked, may_mean, same_name, without_kind
from questionnaires.answers.places.vocabulary import KINDS, TYPES

__all__ = [
    "KINDS",
    "TYPES",
    "Gazetteer",
    "Mention",
    "Name",
    "PlaceMatch",
    "Reader",
    "Unit",
    "Viewpoint",
    "alive",
    "as_province",
    "fold_place",
    "marked",
    "match_place",
    "may_mean",
    "own_name",
    "read_place",
    "same_name",
    "settled",
    "without_kind",
]
