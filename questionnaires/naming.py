"""Find the question that the words around a number name, in full or for short: "hvs 109", "5 tuổi: 8 em".

The words stand in `answers/words/nhieu-cau.toml`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from questionnaires.answers.likely import ALL, NOT
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
"""Words, folded, that do not distinguish questions."""
SPELT: Final = frozenset(" ".join(SHORT.phrases("empty")).split())
"""The same words with their marks: "bản" is one, "bẩn" is not."""
SAME: Final = sorted(
    ((fold(phrase), fold(key)) for key, phrases in SHORT.lists("same").items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
"""Short names, each with the words that the question has instead; the longest first."""
LACKING: Final = SHORT.flags("lacking")
"""Words with which a question asks for what is missing or broken."""
HAVING: Final = SHORT.flags("having")
"""Words that say that something is there, and works."""
WHOLE: Final = {phrase.split()[0]: fold(phrase) for phrase in SHORT.phrases("whole")}
"""Words that mean something only within a phrase, each with that phrase, folded."""
LEADING: Final = (HEDGE, BEFORE_NUMBER, POLITE, PRONOUN)
"""Words that may stand before a number without naming a question."""
COUNTED_ELSEWHERE: Final = SHORT.codes("counted_elsewhere")
"""Words for what only some questionnaires count, each with what they all mean."""
ENOUGH: Final = 2
"""How many words a question must share with a text that has other words too."""


def names_something(answer: str) -> bool:
    """Whether words that do not belong to a number stand before the first number of `answer`."""
    number = NUMBER.search(answer)
    tokens = tokens_of(clean(answer[: number.start()])) if number else []
    return any(phrase is None and tokens[place].kind == "word" for place, phrase in walk(tokens, *LEADING))


def named(piece: str, asked: Sequence[Line]) -> tuple[str | None, str]:
    """Return the path of the question that the words of `piece` name, None if unclear, and the answer to read.

    The answer is the only number of `piece`, or a "none", yes or no in words.
    """
    numbers = list(NUMBER.finditer(piece))
    if not numbers:
        said, answer = without_none(piece) or without_yes_or_no(piece)
        return (named_by(said, asked) if answer else None), answer or piece
    if len(numbers) != 1:
        return None, piece
    return named_by(NUMBER.sub(" ", piece), asked), piece[numbers[0].start() :]


def without_none(piece: str) -> tuple[str, str] | None:
    """Return the words beside a "không có hộ nào", and "0" for it; None if there is no such phrase."""
    tokens = without_marks(tokens_of(clean(piece)))
    none = next(iter(none_in(tokens)), None)
    if none is None:
        return None
    return as_text([*tokens[: none[1]], *tokens[none[2] :]]), "0"


def without_yes_or_no(piece: str) -> tuple[str, str]:
    """Split off the yes or no that ends `piece`: "đường bê tông" and "rồi". Without one, the second part is ""."""
    tokens = without_marks(tokens_of(clean(piece)))
    cuts = (place for place in range(1, len(tokens)) if says_yes_or_no(tokens[place:]))
    cut = next(cuts, len(tokens))
    said, answer = map(as_text, (tokens[:cut], tokens[cut:]))
    return said, answer


def named_by(said: str, asked: Sequence[Line]) -> str | None:
    """Return the path of the question whose words are `said`; None if no question, or several equally well, fit.

    Of several that fit, `fit_of` decides: first those that do not ask for something missing unless the text says so, then
    those with more of the words side by side. Of these the plainest is meant: "nghèo" is not "cận nghèo". "Đất" is as
    much "đất làm nhà" as "đất sản xuất", so it names none.
    """
    words = distinct(said)
    if not words:
        return None
    fits = {
        line.path: fit_of(said, line.label)
        for line in asked
        if words <= content(line.label) and may_mean(said, line.label)
    }
    # "Nhà vệ sinh" has no word that "nước hợp vệ sinh" lacks, and is another thing.
    if not fits or counts_elsewhere(said, asked):
        return None
    best = max(fits.values())
    return plainest([line for line in asked if line.path in fits and fits[line.path] == best])


def plainest(lines: Sequence[Line]) -> str | None:
    """Return the path of the question all of whose words the others have too; None if there is none."""
    words = {line.path: content(line.label) for line in lines}
    paths = [path for path, own in words.items() if all(own <= others for others in words.values())]
    return paths[0] if len(paths) == 1 else None


def fit_of(said: str, label: str) -> tuple[bool, int]:
    """Return how well `said` fits the question with this label; larger is better."""
    return says_lack(said, label), len(side_by_side(said) & side_by_side(label))


def nearest(said: str, asked: Sequence[Line], open_ones: Sequence[Line]) -> str | None:
    """Return the path of the first question of `open_ones` that shares most words with `said`.

    None if it shares fewer than `ENOUGH` or less than half of them, or if an answered question shares more.
    """
    words = distinct(said)
    shared = {line.path: len(words & content(line.label)) for line in asked if may_mean(said, line.label)}
    most = max(shared.values(), default=0)
    if most < ENOUGH or 2 * most < len(words):
        return None
    return next((line.path for line in open_ones if shared.get(line.path) == most), None)


def speaks_of_other(said: str, asked: Sequence[Line], path: str) -> bool:
    """Whether another question shares more words with `said` than the one at `path`, and at least `ENOUGH`.

    "Tất cả trừ 5 hộ" is about the open question, although that for the whole begins with "tất cả", too.
    """
    tokens = tokens_of(clean(said))
    words = distinct(as_text(tokens[place] for place, phrase in walk(tokens, ALL) if phrase is None))
    shared = {line.path: len(words & content(line.label)) for line in asked}
    own = shared.pop(path, 0)
    return max(shared.values(), default=0) >= max(ENOUGH, own + 1)


def counts_elsewhere(said: str, asked: Sequence[Line]) -> bool:
    """Whether `said` tells of what none of these questions counts, but other questionnaires do: "hộ có điện"."""
    told = matters(said)
    return bool(told and told.difference(*(matters(line.label) for line in asked)))


def matters(words: str) -> frozenset[str]:
    """Return what `words` tell of, among the things that only some questionnaires count."""
    tokens = without_marks(tokens_of(clean(words)))
    return frozenset(matter for _, matter, _ in COUNTED_ELSEWHERE.starts(tokens))


def distinct(said: str) -> set[str]:
    """Return the words of `said` that distinguish questions."""
    words = set(written_out(said).split())
    return (words - EMPTY) | (words & marked(said))


def marked(words: str) -> set[str]:
    """Return the words, folded, whose marks show that they are not one of `SPELT`."""
    spelt = (word.strip("?,.:;()") for word in clean(words).split())
    return {fold(word) for word in spelt if word != bare(word) and word not in SPELT}


def side_by_side(words: str) -> set[tuple[str, str]]:
    """Return the pairs of neighbouring words in which at least one distinguishes questions."""
    pairs = pairwise(written_out(in_letters(words)).split())
    return {pair for pair in pairs if not EMPTY.issuperset(pair)}


def may_mean(said: str, label: str) -> bool:
    """Whether `said` may mean the question with this label.

    Their marks must agree. `said` must not deny if the label does not, nor say that something is there if the label asks
    for what is missing.
    """
    return agrees_in_marks(said, label) and not (denies(said) and not denies(label)) and not has(said, label)


def has(said: str, label: str) -> bool:
    """Whether `said` tells that something is there, while the question with this label asks for what is missing."""
    return HAVING.first_in(tokens_of(clean(said))) is not None and not says_lack(said, label)


def says_lack(said: str, label: str) -> bool:
    """Whether `said` tells that something is missing, if the question with this label asks for that; else True."""
    lacking, words = lacks(label), f" {written_out(said)} "
    return not lacking or denies(said) or any(f" {lack} " in words for lack in lacking)


@lru_cache(maxsize=1000)
def lacks(label: str) -> frozenset[str]:
    """Return the words, folded, with which a question asks for what is missing."""
    tokens = tokens_of(clean(label))
    return frozenset(fold(as_text(tokens[place:end])) for place, _, end in LACKING.starts(tokens))


def denies(words: str) -> bool:
    return NOT.first_in(tokens_of(clean(words))) is not None


def agrees_in_marks(piece: str, label: str) -> bool:
    """Whether the words that both have agree in their marks: "thiếu" does not agree with "dân tộc thiểu số".

    Without marks neither does "thieu" alone.
    """
    written: dict[str, list[str]] = {}
    for word in clean(label).split():
        written.setdefault(fold(word), []).append(word.strip("?,.:;()"))
    said = ((word, written.get(fold(word), [])) for word in re.findall(r"[^\W\d_]+", clean(piece)))
    return all(any(may_be_word(word, known, piece) for known in words) for word, words in said if words)


def may_be_word(typed: str, word: str, piece: str) -> bool:
    """Whether `typed`, a word of `piece`, stands for `word`; within its phrase if it has no marks that tell."""
    alone = typed != word and WHOLE.get(word, "") not in fold(piece)
    return stands_for(typed, word) and not alone


def says_number_alone(piece: str) -> bool:
    """Whether a piece has one number and names no question: "120 hộ"."""
    return len(NUMBER.findall(piece)) == 1 and not distinct(NUMBER.sub(" ", piece))


def written_out(text: str) -> str:
    """Return `text` folded, with short names replaced by the words that questions have."""
    folded = f" {fold(text)} "
    for short, written in SAME:
        folded = folded.replace(f" {short} ", f" {written.replace(' ', '_')} ")
    return folded.replace("_", " ")


def content(label: str) -> set[str]:
    """Return the words of a question, folded, that distinguish it from others."""
    label = in_letters(label)
    return (set(fold(label).split()) - EMPTY) | marked(label)
