"""A questionnaire as a page to read: whom it asks and when, and each question with its hint, choices, limits and
conditions in words.

An XLSForm says all of it in columns and in XPath. This page is for those who have to agree to a questionnaire; those
of the bundled ones are in `docs/forms/`. Usual conditions are put into words; for an unusual one the page says which
answers it depends on. The sentences are in `locales/`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.teller import Teller
from plans.levels import LEVELS
from plans.period import PeriodKind
from plans.schedule import Entry
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Node, Part, Question, Questionnaire, QuestionType, Section, Words
from questionnaires.showing import number, unit_of

PATH: Final = r"[\w./-]*/[\w-]+"
CHOSEN: Final = re.compile(rf"f:selected\((?P<path>{PATH}), '(?P<value>[^']*)'\)")
COMPARED: Final = re.compile(rf"(?P<path>{PATH}) (?P<sign>!?=|[<>]=?) (?P<value>'[^']*'|-?[\d.]+)")
JOINED: Final = re.compile(r" (and|or) ")
SIGNS: Final[Mapping[str, str]] = {
    "=": "is",
    "!=": "is_not",
    ">": "above",
    ">=": "at_least",
    "<": "below",
    "<=": "at_most",
}
"""The sentences `forms.page.when.…`."""
FIRST: Final = {PeriodKind.WEEK: "forms.page.first_of_week", PeriodKind.MONTH: "forms.page.first_of_month"}
IN_BRACKETS: Final = re.compile(r"(?<![\w:-])\(([^()]*)\)")
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
STEP: Final = re.compile(rf"({NUMBER.pattern}) ([-+]) ({NUMBER.pattern})")
OPERATORS: Final = {"-": "forms.page.minus", "+": "forms.page.plus"}
MARKS: Final = re.compile(r"([\\`*_\[\]<>|])")
"""Characters that would be marks in Markdown."""


def page(form: Questionnaire, entries: Sequence[Entry], lang: str) -> str:
    """The page in Markdown. `entries` are the lines of the schedules that ask this questionnaire."""
    return "\n\n".join(Page(form, lang).blocks(entries)) + "\n"


class Page:
    """The words of one questionnaire in one language."""

    def __init__(self, form: Questionnaire, lang: str) -> None:
        self.form, self.lang, self.say = form, lang, Teller(lang)
        self.numbers = {question.path: at for at, question in enumerate(form.asked, start=1)}

    def blocks(self, entries: Sequence[Entry]) -> Iterator[str]:
        """The page from top to bottom."""
        yield f"# {marked(self.form.title(self.lang))}"
        yield self.say("forms.page.made", name=self.form.name)
        yield "\n".join(f"- {self.asked(entry)}" for entry in in_order(entries)) or self.say(
            "forms.page.unasked"
        )
        around: list[str] = []
        for node in self.form.nodes:
            while around and not node.path.startswith(f"{around[-1]}/"):
                around.pop()
                yield self.say("forms.page.repeat_ends")
            if isinstance(node, Section) and node.repeats:
                around.append(node.path)
            yield from self.node(node)

    def node(self, node: Node) -> Iterator[str]:
        """What is to be read of one part of the questionnaire; what is calculated shows nothing."""
        if isinstance(node, Section):
            yield from self.section(node)
        elif node.asks:
            yield self.question(node)
        elif node.type is QuestionType.NOTE:
            yield self.words(node.labels)
            yield from filter(None, [self.condition(node.relevant)])

    # --- who and when -----------------------------------------------------------------------------------

    def asked(self, entry: Entry) -> str:
        """Whom a line of a schedule asks, how often, from when and until when."""
        due = "due_within" if entry.within else "due_before" if entry.due_days < 0 else "due_after"
        days = entry.within or abs(entry.due_days)
        return self.say(
            "forms.page.asked",
            who=self.say(f"progress.level.{entry.level}"),
            often=self.say(f"plan.period.{entry.kind}"),
            first=self.say(first_key(entry), month=entry.month, day=entry.day),
            due=self.say(f"forms.page.{due}", n=days) if days else self.say("forms.page.due_at_end"),
        )

    # --- questions --------------------------------------------------------------------------------------

    def section(self, section: Section) -> Iterator[str]:
        """Yield the heading of a group that has one; for a repeat, what it is repeated for and how often."""
        label = self.words(section.labels)
        if section.repeats:
            many = self.limit(section.count) if section.count else ""
            key = "repeat_counted" if many else "repeat"
            yield f"## {self.say(f'forms.page.{key}', label=label or section.name, count=many)}"
        elif label:
            yield f"## {label}"
        yield from filter(None, [self.condition(section.relevant)])

    def question(self, question: Question) -> str:
        """Return a question with everything said about it, one line each."""
        title = self.say(
            "forms.page.question", number=self.numbers[question.path], label=self.words(question.labels)
        )
        facts = (self.answer(question), self.limits(question), self.condition(question.relevant))
        listed = "\n".join(f"- {fact}" for fact in facts if fact)
        blocks = (f"**{title}**", self.words(question.hints), *self.choices(question), listed)
        return "\n\n".join(filter(None, blocks))

    def choices(self, question: Question) -> Iterator[str]:
        """Yield the choices, numbered as in the chat, and what decides which of them are offered."""
        choices = self.form.lists.get(question.list, ())
        if choices:
            yield "\n".join(
                f"{at}. {self.words(one.labels) or one.value}" for at, one in enumerate(choices, start=1)
            )
        if question.items and (those := self.those(question.items)):
            yield self.say("forms.page.filtered", questions=those)

    def answer(self, question: Question) -> str:
        """Return what to answer, in which unit, and whether it may be skipped."""
        key = "required" if question.may_be_required else "optional"
        unit = marked(unit_of(self.form, question, self.lang))
        what = self.say(f"forms.page.answer.{question.type}")
        return self.say(f"forms.page.{key}", answer=f"{what} ({unit})" if unit else what)

    def limits(self, question: Question) -> str:
        """Return the numbers between which an answer lies; if that is no plain limit, the questionnaire's own words
        for it."""
        low, high = (list(map(self.limit, limits)) for limits in (question.lower, question.upper))
        if all((low or high, *low, *high)):
            return self.say("forms.page.takes", limits=self.between(low, high))
        message = self.words(question.constraint_message)
        return self.say("forms.page.limit", limit=message) if message else ""

    def between(self, low: Sequence[str], high: Sequence[str]) -> str:
        """Limits in words: "từ 0 đến 120"; several on one side one after the other."""
        if len(low) == len(high) == 1:
            return self.say("forms.preview.between", low=low[0], high=high[0])
        bounds = [self.say("forms.preview.from", low=bound) for bound in low]
        bounds += [self.say("forms.preview.to", high=bound) for bound in high]
        return ", ".join(bounds)

    def limit(self, expression: Expression) -> str:
        """Return in words a number, or other answers added and subtracted; "" for anything else.

        Brackets within a sum are left to the questionnaire's words: read from left to right, "a - (b + c)" would mean
        something else.
        """
        text = IN_BRACKETS.sub(r"\1", expression.xpath, count=1)
        if "(" in text:
            return ""
        if step := STEP.fullmatch(text):  # how "fewer than 500" is kept: 500 - 1
            by = Decimal(step[4])
            return number(Decimal(step[1]) + (by if step[3] == "+" else -by), self.lang)
        words = [self.operand(token, expression) for token in text.split()]
        return " ".join(words) if all(words) else ""

    def operand(self, token: str, expression: Expression) -> str:
        """Return one token of a sum in words; "" for a calculated value, which has no number on the page."""
        if token in OPERATORS:
            return self.say(OPERATORS[token])
        if NUMBER.fullmatch(token):
            return number(Decimal(token), self.lang)
        at = self.numbers.get(whole_path(token, expression))
        return self.say("forms.page.number_of", number=at) if at else ""

    # --- conditions -------------------------------------------------------------------------------------

    def condition(self, relevant: Expression | None) -> str:
        """Return when a question is asked; "" if always."""
        if relevant is None:
            return ""
        pieces = JOINED.split(relevant.xpath)
        words = [self.joined(piece, relevant) for piece in pieces]
        if all(words):
            return self.say("forms.page.when", condition=" ".join(words))
        return self.say("forms.page.depends", questions=self.those(relevant))

    def joined(self, piece: str, relevant: Expression) -> str:
        """Return a condition, or the word that joins two; "" for an unusual condition."""
        if piece in ("and", "or"):
            return self.say(f"forms.page.{piece}")
        compared = COMPARED.fullmatch(piece)
        match = CHOSEN.fullmatch(piece) or compared
        question = self.form.by_path.get(whole_path(match["path"], relevant)) if match else None
        if match is None or not isinstance(question, Question) or question.path not in self.numbers:
            return ""
        key = SIGNS[compared["sign"]] if compared else "chosen"
        return self.compared(question, key, match["value"])

    def compared(self, question: Question, key: str, written: str) -> str:
        """A question and a value put into words: "câu 2 lớn hơn 0", "câu 3 là «Đang làm»"."""
        at, value = self.numbers[question.path], written.strip("'")
        labels = {one.value: one.labels for one in self.form.lists.get(question.list, ())}
        if value in labels:
            return self.say(f"forms.page.when.{key}_choice", number=at, value=self.words(labels[value]))
        if not value:
            return self.say("forms.page.when.blank" if key == "is" else "forms.page.when.answered", number=at)
        return self.say(f"forms.page.when.{key}", number=at, value=number_in(value, self.lang))

    def those(self, expression: Expression) -> str:
        """Which questions something depends on: "câu 1, câu 3"."""
        read = [self.numbers[path] for path in expression.reads if path in self.numbers]
        return ", ".join(self.say("forms.page.one_of_them", number=at) for at in sorted(read))

    # --- words ------------------------------------------------------------------------------------------

    def words(self, words: Words) -> str:
        """Return a text of the questionnaire; what is filled in is named after the question that it comes from."""
        return "".join(self.part(part) for part in self.form.words(words, self.lang)).strip()

    def part(self, part: Part) -> str:
        if isinstance(part, str):
            return marked(part)
        at = next((self.numbers[path] for path in part.reads if path in self.numbers), 0)
        return self.say("forms.page.filled_in", number=at) if at else "…"


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """From the village up."""
    return sorted(entries, key=lambda entry: LEVELS.index(entry.level))


def first_key(entry: Entry) -> str:
    """Return the key of the sentence that says on which day of a period a questionnaire is first asked."""
    if (entry.month, entry.day) == (1, 1):
        return "forms.page.first"
    return FIRST.get(entry.kind, "forms.page.first_in_month")


def whole_path(path: str, expression: Expression) -> str:
    """Return the template path of what an expression calls `path`, from the root of the form or relative to a question."""
    name = path.rpartition("/")[2]
    return next((read for read in expression.reads if read.rpartition("/")[2] == name), "")


def number_in(written: str, lang: str) -> str:
    """A number as a person writes it; other words as they are."""
    return number(Decimal(written), lang) if NUMBER.fullmatch(written) else marked(written)


def marked(text: str) -> str:
    """Return words so that Markdown leaves them as words."""
    return MARKS.sub(r"\\\1", text)
