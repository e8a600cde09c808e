"""What asks for all there are of something, without an indicator's name: "số hộ", "bao nhiêu hộ, bao nhiêu khẩu"."""

from collections.abc import Iterator, Sequence

from queries.vocabulary import ALL_OF, AND, COUNTING
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token


def phrases_in(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The phrases that ask for all there are: their indicator, start and end, from left to right."""
    place = 0
    while place < len(tokens):
        phrase = ALL_OF.at(tokens, place)
        if phrase is not None:
            yield phrase[0], place, phrase[1]
        place = phrase[1] if phrase else place + 1


def goes_on_counting(tokens: Sequence[Token], place: int) -> bool:
    """Whether the next in a list is counted too, as in "số hộ, số hộ nghèo": then both are asked for.

    "Số hộ và tỷ lệ hộ nghèo" is about the poor alone.
    """
    listed = place < len(tokens) and tokens[place].kind == "mark"
    behind = place + 1 if listed else AND.past(tokens, place)
    counting = (bare(token.text) in COUNTING for token in tokens[behind : behind + 2])  # "số", "bao nhiêu"
    return behind > place and any(counting)
