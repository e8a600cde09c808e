"""Which question is named by words around a number, or by short names for it: "hvs 109", "5 tuổi: 8 em".

The words stand in `answers/words/nhieu-cau.toml`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from questionnaires.answers.likely import NOT
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import bare, clean, fold, stands_for
from questionnaires.answers.tokens import as_text, tokens_of, walk, without_marks
from questionnaires.answers.words import BEFORE_NUMBER, HEDGE, POLITE, PRONOUN
from questionnaires.answers.yesno import says_yes_or_no
from questionnaires.interview import Line
from questionnaires.label_numbers import in_letters
from questionnaires.numbers_said import NUMBER, none_in

SHORT: Final = Words.read(FOLDER / "nhieu-cau.toml")
EMPTY: Final = frozenset(" ".join(map(fold, SHORT.phrases("empty"))).split())
"""Words that tell no question from another."""
SPELT: Final = frozenset(" ".join(SHORT.phrases("empty")).split())
"""The same with their marks: "bẩn" is not "bản"."""
SAME: Final = sorted(
    ((fold(phrase), fold(key)) for key, phrases in SHORT.lists("same").items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
"""How a question is called for short, and what stands in it then; the longest first."""
LACKING: Final = SHORT.flags("lacking")
"""What a question says of something that lacks or is broken."""
HAVING: Final = SHORT.flags("having")
"""What says that it does not."""
LEADING: Final = (HEDGE, BEFORE_NUMBER, POLITE, PRONOUN)
"""What may stand before a number and names nothing."""
ENOUGH: Final = 2
"""So many words of a question, at least, let it be meant where others are said besides."""


def names_something(answer: str) -> bool:
    """Whether words that do not belong to a number stand before the first number of `answer`."""
    number = NUMBER.search(answer)
    tokens = tokens_of(clean(answer[: number.start()])) if number else []
    return any(phrase is None and tokens[place].kind == "word" for place, phrase in walk(tokens, *LEADING))


def named(piece: str, asked: Sequence[Line]) -> tuple[str | None, str]:
    """The question whose words those around the only number of `piece` are, and what is to be read as its answer."""
    numbers = list(NUMBER.finditer(piece))
    if not numbers:
        said, answer = without_none(piece) or without_yes_or_no(piece)
        return (named_by(said, asked) if answer else None), answer or piece
    if len(numbers) != 1:
        return None, piece
    return named_by(NUMBER.sub(" ", piece), asked), piece[numbers[0].start() :]


def without_none(piece: str) -> tuple[str, str] | None:
    """The words beside "không có hộ nào", and the nought that it says; None for other words."""
    tokens = without_marks(tokens_of(clean(piece)))
    none = next(iter(none_in(tokens)), None)
    if none is None:
        return None
    return as_text([*tokens[: none[1]], *tokens[none[2] :]]), "0"


def without_yes_or_no(piece: str) -> tuple[str, str]:
    """The words before a yes or a no that ends `piece`, and that; "" where it ends otherwise: "đường bê tông" and "rồi"."""
    tokens = without_marks(tokens_of(clean(piece)))
    cuts = (place for place in range(1, len(tokens)) if says_yes_or_no(tokens[place:]))
    cut = next(cuts, len(tokens))
    said, answer = map(as_text, (tokens[:cut], tokens[cut:]))
    return said, answer


def named_by(said: str, asked: Sequence[Line]) -> str | None:
    """The path of the question whose words `said` are; None for none, or several as good.

    Of several the one that lacks nothing unsaid is meant, then the one in which more of them stand side by side, then the
    one of which less is left unsaid.
    """
    words = distinct(said)
    if not words:
        return None
    fits = {
        line.path: fit_of(said, words, line.label)
        for line in asked
        if words <= content(line.label) and may_mean(said, line.label)
    }
    best = [path for path, fit in fits.items() if fit == max(fits.values())]
    return best[0] if len(best) == 1 else None


def fit_of(said: str, words: set[str], label: str) -> tuple[bool, int, int]:
    """How well the telling `words` of what is `said` fit the question with this label, the best the largest."""
    beside = len(side_by_side(said) & side_by_side(label))
    return says_lack(said, label), beside, -len(content(label) - words)


def nearest(said: str, asked: Sequence[Line], open_ones: Sequence[Line]) -> str | None:
    """The first of the questions `open_ones` that shares most words with `said`, at least half of these; None where a
    question that was answered shares more."""
    words = distinct(said)
    shared = {line.path: len(words & content(line.label)) for line in asked if may_mean(said, line.label)}
    most = max(shared.values(), default=0)
    if most < ENOUGH or 2 * most < len(words):
        return None
    return next((line.path for line in open_ones if shared.get(line.path) == most), None)


def speaks_of_other(said: str, asked: Sequence[Line], path: str) -> bool:
    """Whether more words of what is said are of another question than of the one at `path`."""
    words = distinct(said)
    shared = {line.path: len(words & content(line.label)) for line in asked}
    own = shared.pop(path, 0)
    return max(shared.values(), default=0) >= max(ENOUGH, own + 1)


def distinct(said: str) -> set[str]:
    """The words of what is said that tell one question from another."""
    words = set(written_out(said).split())
    return (words - EMPTY) | (words & marked(said))


def marked(words: str) -> set[str]:
    """The words whose marks tell them from those that tell nothing."""
    spelt = (word.strip("?,.:;()") for word in clean(words).split())
    return {fold(word) for word in spelt if word != bare(word) and word not in SPELT}


def side_by_side(words: str) -> set[tuple[str, str]]:
    """The pairs of words that stand beside each other, one of which at least tells something."""
    pairs = pairwise(written_out(in_letters(words)).split())
    return {pair for pair in pairs if not EMPTY.issuperset(pair)}


def may_mean(said: str, label: str) -> bool:
    """Whether the words `said` may mean the question with this label: marks agree, nothing is denied that it says, and
    nothing is there that it says to lack."""
    return agrees_in_marks(said, label) and not (denies(said) and not denies(label)) and not has(said, label)


def has(said: str, label: str) -> bool:
    """Whether what is `said` speaks of having what the question with this label says to lack."""
    return HAVING.first_in(tokens_of(clean(said))) is not None and not says_lack(said, label)


def says_lack(said: str, label: str) -> bool:
    """Whether `said` says, as the question with this label does, that something lacks; True where the question does not."""
    lacking, words = lacks(label), f" {written_out(said)} "
    return not lacking or denies(said) or any(f" {lack} " in words for lack in lacking)


@lru_cache(maxsize=1000)
def lacks(label: str) -> frozenset[str]:
    """The words, folded, with which a question says that something lacks."""
    tokens = tokens_of(clean(label))
    return frozenset(fold(as_text(tokens[place:end])) for place, _, end in LACKING.starts(tokens))


def denies(words: str) -> bool:
    return NOT.first_in(tokens_of(clean(words))) is not None


def agrees_in_marks(piece: str, label: str) -> bool:
    """Whether the marks of the words that both hold agree: "thiếu" is not in "dân tộc thiểu số"."""
    written: dict[str, list[str]] = {}
    for word in clean(label).split():
        written.setdefault(fold(word), []).append(word.strip("?,.:;()"))
    said = ((word, written.get(fold(word), [])) for word in re.findall(r"[^\W\d_]+", clean(piece)))
    return all(any(stands_for(word, known) for known in words) for word, words in said if words)


def says_number_alone(piece: str) -> bool:
    """Whether a piece says one number and names no question: "120 hộ"."""
    return len(NUMBER.findall(piece)) == 1 and not distinct(NUMBER.sub(" ", piece))


def written_out(text: str) -> str:
    """`text` folded, its short names as the questions say them."""
    folded = f" {fold(text)} "
    for short, written in SAME:
        folded = folded.replace(f" {short} ", f" {written.replace(' ', '_')} ")
    return folded.replace("_", " ")


def content(label: str) -> set[str]:
    """The words of a question that tell it from others."""
    label = in_letters(label)
    return (set(fold(label).split()) - EMPTY) | marked(label)
