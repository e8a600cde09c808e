"""Finds the column that names what a table asks for, also where its heading says what that is: "Vật nuôi", "Loại thiệt hại".

It stands before the column of units or, where there is none, is the first that holds words in several rows, beside figures.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final

from bot.form_table.columns import Head, has_letters, heads_of, is_figure, texts_in
from bot.form_table.wishes import begun, kind_told, meanings, own_unit
from questionnaires.answers.text import fold
from storage.cells import Cells

LEAST: Final = 2
"""From this many rows with words on, a column names what they are about."""


def naming_in(rows: Sequence[tuple[int, Cells]], units: Sequence[str]) -> str:
    """Return the heading of the column that names what each row asks for; "" for none.

    `units`: the folded headings of columns of units.
    """
    heads = heads_of(rows)
    before = (one for one, unit in pairwise(heads) if fold(unit.whole) in units and may_name(one))
    return next((head.whole for head in (*before, *first_of_words(heads, rows))), "")


def first_of_words(heads: Sequence[Head], rows: Sequence[tuple[int, Cells]]) -> Iterator[Head]:
    """Yield the first column, if it has words in several rows, of which each has something else there."""
    firsts = [head for head in heads if head.names != "number"][:1]
    for head in firsts:
        said = words_below(head, heads, rows)
        if may_name(head) and not is_asked(head) and LEAST <= len(said) == len(set(said)):
            yield head


def may_name(head: Head) -> bool:
    """Whether a column may name what its rows are about: not by a place, nor by one of several things of a place."""
    return not head.names and len(head.texts) == 1


def is_asked(head: Head) -> bool:
    """Whether a heading asks for something itself: "Họ tên trẻ", "Số hộ", "Diện tích (ha)"."""
    unit, said = own_unit("", head.texts[-1])
    return bool(kind_told(said, unit)[0] or begun(said, "asked"))


def words_below(head: Head, heads: Sequence[Head], rows: Sequence[tuple[int, Cells]]) -> list[str]:
    """Return the words in a column below its head, down to the first row that has words in another column, too."""
    headings = {text for one in heads for text in one.texts}
    table = [texts_in(cells) for _, cells in rows]
    top = max(
        (place for place, texts in enumerate(table) if headings.intersection(texts)), default=len(table)
    )
    below = takewhile(lambda texts: has_no_words(texts, head.place), table[top + 1 :])
    return [
        texts[head.place] for texts in below if len(texts) > head.place and has_letters(texts[head.place])
    ]


def has_no_words(texts: Sequence[str], place: int) -> bool:
    """Whether a row has nothing but figures, and numbers of rows, beside the column at `place`."""
    beside = [text for at, text in enumerate(texts) if at > place and text]
    return all(is_figure(text) or not has_letters(text) or fold(text) in meanings("units") for text in beside)
