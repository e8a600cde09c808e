"""Finds the questionnaire that is called by its name among other words: "sửa báo cáo nước, câu 3 là 89".

It goes by the title, and by the name of the form's file. After "báo cáo" or "phiếu", two words of one of its questions
are also enough, since people call a report by what it asks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from operator import itemgetter
from typing import Final, NamedTuple

from handlers.vocabulary import SAID
from questionnaires.answers.text import clean, fold, has_letters
from questionnaires.answers.tokens import Token, as_text, tokens_of
from questionnaires.naming import content
from questionnaires.questionnaire import Questionnaire, plain_words

REPORT: Final = SAID.flags("report_of")
"""What stands before the name of a questionnaire."""
VERB: Final = SAID.flags("reports_on")
"""The same, if it more often means something else: the name must then be plain."""
TELL: Final = SAID.flags("tells")
"""The same, if it is said only of a report: "báo nước"."""
HOW_MUCH: Final = SAID.flags("how_much")
"""Asks something, although it begins as "báo" does."""
PLAIN: Final = 2
"""How many words of a name make it plain."""
LETTERS: Final = 3
"""The fewest letters of a name."""
PLACES: Final = 20
"""How many places in one message may stand before a name: a message that repeats itself would be searched for minutes."""
LONGEST: Final = 20
"""The most words of a name."""
OF_REPORTS: Final = ("phieu", "bao", "cao", "so", "lieu", "cau")
"""Words said of any report."""
FORMS: Final = 256
"""The words of so many questionnaires are kept: to read them takes longer than to look for them."""
WORD: Final = re.compile(r"\w+")
GLUED: Final = re.compile(r"\b(bao)(cao)", re.I)


@dataclass(frozen=True, slots=True)
class FormCalled:
    """The names of the questionnaires that are equally meant, and what else is said."""

    names: frozenset[str]
    rest: str


class SaidName(NamedTuple):
    """A questionnaire whose name is said: how many words of it, whether its title begins with them, and where they stand."""

    form: str
    length: int
    heads: bool
    start: int
    end: int

    def fit(self) -> tuple[int, bool]:
        return self.length, self.heads


def called(text: str, forms: Iterable[Questionnaire], *, by_verb: bool = False) -> FormCalled | None:
    """Return the questionnaires of `forms` that `text` names best; None for none. `by_verb`: "báo việc làm" names one,
    too."""
    tokens = said_in(text)
    said = list(names_in(tokens, {form.name: form for form in forms}, by_verb=by_verb))
    best = max(said, key=SaidName.fit, default=None)
    if best is None:
        return None
    names = frozenset(one.form for one in said if one.fit() == best.fit())
    rest = [*tokens[: best.start], *tokens[best.end :]]
    return FormCalled(names, as_text(rest))


def names_in(
    tokens: Sequence[Token], forms: Mapping[str, Questionnaire], *, by_verb: bool
) -> Iterator[SaidName]:
    """Yield each place where the name of one of these questionnaires is said, and how much of it."""
    folded = [fold(token.text) for token in tokens]
    for start, end, least in places_of(tokens, by_verb=by_verb)[:PLACES]:
        for name, form in forms.items():
            length = run_of(folded[end : end + LONGEST], form, by_label=least < PLAIN)
            words = tokens[end : end + length]
            if length >= least and is_long(words):
                yield SaidName(name, length, heads_title(words, form), start, end + length)


def may_call(text: str, *, by_verb: bool = False) -> bool:
    """Whether `text` has words before which a questionnaire's name may follow, and others behind them: "làm phiếu …".

    Few messages do; "báo cáo" alone names none. `by_verb` as in `called`.
    """
    if not has_letters(text):
        return False
    tokens = said_in(text)
    if REPORT.whole(tokens) is not None:
        return False
    return any(end < len(tokens) for _, end, _ in places_of(tokens, by_verb=by_verb))


def said_in(text: str) -> list[Token]:
    """The words of a text, among which a questionnaire may be named."""
    return tokens_of(clean(GLUED.sub(r"\1 \2 ", text)))


def speaks_of(text: str, forms: Iterable[Questionnaire]) -> bool:
    """Whether everything that `text` says is in the names and questions of some questionnaires, or calls a report."""
    words = content(text)
    known = set(OF_REPORTS).union(*(name_words(form) | words_asked(form) for form in forms))
    return bool(words) and words <= known


def words_asked(form: Questionnaire) -> set[str]:
    """The words of a questionnaire's questions, folded."""
    return {word for pair in pairs_asked(form) for word in pair}


def heads_title(tokens: Sequence[Token], form: Questionnaire) -> bool:
    """Whether the title of a questionnaire begins with these words."""
    said = fold(as_text(tokens))
    return any(fold(title).startswith(said) for title in form.titles.values())


@lru_cache(maxsize=FORMS)
def name_words(form: Questionnaire) -> set[str]:
    """The words of a questionnaire's title and of its name in its file, folded."""
    return {
        word for name in (form.name.replace("-", " "), *form.titles.values()) for word in fold(name).split()
    }


def is_of_name(words: Set[str], forms: Iterable[Questionnaire]) -> bool:
    """Whether some words, folded, are all of the name of one questionnaire."""
    return any(words <= name_words(form) for form in forms)


def places_of(tokens: Sequence[Token], *, by_verb: bool) -> list[tuple[int, int, int]]:
    """Return where words begin and end that may stand before a name, and how many of its words must follow."""
    tables = ((REPORT, 1), (TELL, 1), (VERB, PLAIN)) if by_verb else ((REPORT, 1),)
    places = ((place, end, least) for table, least in tables for place, _, end in table.starts(tokens))
    leading = (one for one in places if HOW_MUCH.at(tokens, one[0]) is None)
    return sorted(leading, key=itemgetter(0))


def run_of(said: Sequence[str], form: Questionnaire, *, by_label: bool) -> int:
    """Return how many folded words from the first on are in a questionnaire's name or, if `by_label`, side by side in a
    question."""
    length = sum(1 for _ in takewhile(name_words(form).__contains__, said))
    asked = by_label and not length and tuple(said[:PLAIN]) in pairs_asked(form)
    return PLAIN if asked else length


@lru_cache(maxsize=FORMS)
def pairs_asked(form: Questionnaire) -> set[tuple[str, str]]:
    """The words that stand side by side in the questions of a questionnaire."""
    asked = ((form.words(question.labels, lang)) for question in form.questions for lang in form.languages)
    return {pair for label in asked for pair in pairwise(fold(plain_words(label)).split())}


def is_long(tokens: Sequence[Token]) -> bool:
    return sum(len(token.text) for token in tokens) >= LETTERS


def form_named(forms: Mapping[str, Questionnaire], words: Sequence[str]) -> str:
    """Return the one questionnaire that the words name; "" for none or several."""
    named = forms_named(forms, words)
    return named.pop() if len(named) == 1 else ""


def forms_named(forms: Mapping[str, Questionnaire], words: Sequence[str]) -> set[str]:
    """Return the questionnaires whose title the words are, else those with the first word of which they are."""
    said, titles = list(words), title_words(forms)
    whole = {name for name, title in titles.items() if title == said}
    return whole or {name for name, title in titles.items() if title[:1] == said}


def title_words(forms: Mapping[str, Questionnaire]) -> dict[str, list[str]]:
    """Return the folded words of the title of each questionnaire."""
    return {name: WORD.findall(fold(form.title("vi"))) for name, form in forms.items()}


def first_word(form: Questionnaire) -> str:
    """Return the folded first word of a questionnaire's title, by which people call it: "nuoc"."""
    return fold(form.title("vi")).split()[0]


def titled(forms: Mapping[str, Questionnaire], words: Sequence[str]) -> str:
    """Return the one questionnaire whose title begins with the words; "" for none or several."""
    said = list(words)
    named = [name for name, title in title_words(forms).items() if said and title[: len(said)] == said]
    return named[0] if len(named) == 1 else ""
