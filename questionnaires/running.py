"""The inside of one step: what changes on the board, what follows from it, and which question comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from heapq import heapify, heappop, heappush
from math import isfinite, isnan

from questionnaires import taking
from questionnaires.answers import Candidate, Kind, Option, read
from questionnaires.answers import Question as Asking
from questionnaires.answers.text import fold
from questionnaires.answers.words import english_one
from questionnaires.board import MOST_ROWS, Board, Layout, at_row
from questionnaires.dependencies import Rule, What
from questionnaires.expressions import Expression
from questionnaires.functions import number_of, stored
from questionnaires.questionnaire import Question, QuestionType, Section, Words, template
from questionnaires.showing import shown, unit_of
from questionnaires.talk import (
    Answer,
    Ask,
    Asked,
    Back,
    Context,
    Event,
    Finished,
    GoTo,
    Interview,
    Limits,
    Line,
    Message,
    Recorded,
    Refused,
    Repeat,
    RepeatAsk,
    Resume,
    Skip,
    Value,
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way through the form: a question, a note, or the end of a repeat's rows."""

    path: str
    question: Question | None
    section: Section | None = None


class Running:
    """One interview on its board, for one step."""

    def __init__(self, layout: Layout, board: Board, interview: Interview, context: Context) -> None:
        self.layout = layout
        self.form = layout.form
        self.board = board
        self.context = context
        self.values = dict(interview.values)
        self.hidden = set(interview.hidden)
        self.rows = dict(interview.rows)
        self.visited = set(interview.visited)
        self.closed = set(interview.closed)
        self.estimates = set(interview.estimates)
        self.position = interview.position
        self.jumped = interview.jumped
        self.seed = interview.seed
        self.stops_made: list[Stop] | None = None
        self.notices: list[Event] = []
        self.today = context.now.date()
        board.lay_out(self.values, self.hidden, {path: self.rows_shown(path) for path in self.rows})

    def interview(self) -> Interview:
        """What is to be kept."""
        return Interview(
            self.values,
            frozenset(self.hidden),
            self.rows,
            frozenset(self.visited),
            frozenset(self.closed),
            frozenset(self.estimates),
            self.position,
            self.jumped,
            self.seed,
        )

    # --- evaluating -----------------------------------------------------------------------------------

    def value_of(self, expression: Expression, path: str) -> object:
        """What an expression of the node at `path` gives."""
        element = self.board.node(path)
        xpath = self.layout.xpath(expression)
        if not expression.needs:
            return xpath(element)
        return xpath(element, **{need: self.fact(need, path) for need in expression.needs})  # type: ignore[arg-type]

    def fact(self, need: str, path: str) -> object:
        """A variable of expressions."""
        match need:
            case "today":
                return self.today.isoformat()
            case "now":
                return self.context.now.isoformat(timespec="milliseconds")
            case "lang":
                return self.context.lang
            case "key":
                return f"{self.seed} {path}"
            case _:
                return self.board.node(path)

    def holds(self, expression: Expression | None, path: str) -> bool:
        """Whether a condition is true; one that the form does not set is not."""
        if expression is None:
            return False
        value = self.value_of(expression, path)
        return bool(value) and value == value

    def is_required(self, question: Question, path: str) -> bool:
        """Whether an answer is needed; where a filter leaves nothing to choose from, none can be."""
        if not self.holds(question.required, path):
            return False
        return question.items is None or bool(self.options(question, path))

    def words(self, words: Words, path: str) -> str:
        """A text in the person's language, its references filled in."""
        parts = self.form.words(words, self.context.lang)
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        said = [part if isinstance(part, str) else stored(self.value_of(part, path)) for part in parts]
        return "".join(said).strip()

    def is_relevant(self, path: str) -> bool:
        return not self.hidden or self.board.is_relevant(path, self.hidden)

    # --- changing -------------------------------------------------------------------------------------

    def put(self, path: str, text: str) -> None:
        """Keep a value and show it to expressions if it is relevant."""
        if text:
            self.values[path] = text
        else:
            self.values.pop(path, None)
        self.board.put(path, text if self.is_relevant(path) else "")

    def answer(self, path: str, text: str) -> None:
        """Keep a value and compute all that follows."""
        if self.values.get(path, "") == text:
            return
        self.put(path, text)
        self.follow(self.layout.dependencies.after.get(template(path), ()))

    def follow(self, places: Iterable[int]) -> None:
        """Run rules in their order, and those that their results concern."""
        queue = list(places)
        heapify(queue)
        rules = self.layout.dependencies.rules
        done = -1
        while queue:
            place = heappop(queue)
            if place == done:
                continue
            done = place
            for more in self.run(rules[place]):
                if more > place:
                    heappush(queue, more)

    def run(self, rule: Rule) -> tuple[int, ...]:
        """Compute one rule wherever its node stands; the places of the rules that follow if anything changed."""
        changed = False
        for path in self.standing(rule):
            match rule.what:
                case What.RELEVANCE:
                    changed |= self.run_relevance(rule, path)
                case What.CALCULATION:
                    changed |= self.run_calculation(rule, path)
                case What.CHOICES:
                    changed |= self.run_choices(rule, path)
                case What.ROWS:
                    changed |= self.run_rows(rule, path)
        if not changed:
            return ()
        path = rule.node.path
        dependencies = self.layout.dependencies
        if rule.what in (What.RELEVANCE, What.ROWS):
            return dependencies.within.get(path, ())
        return dependencies.after.get(path, ())

    def standing(self, rule: Rule) -> list[str]:
        """The instance paths of a rule's node."""
        node = rule.node
        if not node.repeat:
            return [node.path]
        return [at_row(node.path, node.repeat, row) for row in range(1, self.board.rows[node.repeat] + 1)]

    def run_relevance(self, rule: Rule, path: str) -> bool:
        hidden = not self.holds(rule.expression, path)
        if hidden == (path in self.hidden):
            return False
        (self.hidden.add if hidden else self.hidden.discard)(path)
        self.board.mark(path, hidden)
        self.show_again(path)
        self.stops_made = None
        return True

    def show_again(self, path: str) -> None:
        """Blank or bring back the values at and below a node whose relevance changed."""
        inside = (f"{path}/", f"{path}[")
        for below, text in self.values.items():
            if below == path or below.startswith(inside):
                self.board.put(below, text if self.is_relevant(below) else "")

    def run_calculation(self, rule: Rule, path: str) -> bool:
        node = rule.node
        result = stored(self.value_of(rule.expression, path), isinstance(node, Question) and node.whole)
        if self.values.get(path, "") == result:
            return False
        self.put(path, taking.clean(result))
        return True

    def run_choices(self, rule: Rule, path: str) -> bool:
        """Take out an answer that is no longer offered, so that it is asked again."""
        value = self.values.get(path)
        if not value or not isinstance(rule.node, Question) or not self.is_relevant(path):
            return False
        offered = {option.value for option in self.options(rule.node, path)}
        kept = " ".join(one for one in value.split() if one in offered)
        if kept == value:
            return False
        self.put(path, kept)
        self.visited.discard(path)
        self.estimates.discard(path)
        return True

    def run_rows(self, rule: Rule, path: str) -> bool:
        """Follow the count of a repeat: fewer rows are put aside with their answers, known ones come back."""
        before = self.board.rows[path]
        grown, _ = self.rows.get(path, (0, 0))
        self.rows[path] = (grown, self.count(rule.expression, path))
        return self.show_rows(path) != before

    def count(self, expression: Expression, path: str) -> int:
        """How many rows a repeat is asked for by its count."""
        return int(max(0, min(self.wanted(expression, path), MOST_ROWS)))

    def wanted(self, expression: Expression, path: str) -> float:
        """How many rows a count wants; 0 where it is no number."""
        number = number_of(self.value_of(expression, path))  # type: ignore[arg-type]
        return 0 if isnan(number) else number

    def rows_shown(self, repeat: str) -> int:
        grown, limit = self.rows[repeat]
        return grown if limit < 0 else min(grown, limit)

    def show_rows(self, repeat: str) -> int:
        """Put the rows that count on the board, with what they hold."""
        rows, before = self.rows_shown(repeat), self.board.rows[repeat]
        if rows == before:
            return rows
        self.board.set_rows(repeat, rows)
        self.stops_made = None
        for row in range(before + 1, rows + 1):
            prefix = f"{repeat}[{row}]"
            for path in self.hidden:
                if path.startswith(prefix):
                    self.board.mark(path, True)
            for path, text in self.values.items():
                if path.startswith(prefix):
                    self.board.put(path, text if self.is_relevant(path) else "")
        return rows

    def grow(self, section: Section) -> None:
        """Add a row, with its defaults."""
        grown, limit = self.rows[section.path]
        self.rows[section.path] = (grown + 1, limit)
        self.show_rows(section.path)
        for question in self.layout.insides[section.path]:
            path = at_row(question.path, section.path, grown + 1)
            if question.default:
                self.put(path, question.default)
        for question in self.layout.insides[section.path]:
            if question.dynamic_default:
                path = at_row(question.path, section.path, grown + 1)
                self.put(path, self.defaulted(question, path))
        self.follow(self.layout.dependencies.within.get(section.path, ()))

    def defaulted(self, question: Question, path: str) -> str:
        expression = question.dynamic_default
        result = stored(self.value_of(expression, path), question.whole) if expression else ""
        return taking.clean(result)

    # --- beginning ------------------------------------------------------------------------------------

    def start(self) -> None:
        """The state of an interview nobody has answered: defaults, preloads, everything computed."""
        for node in self.form.nodes:
            if isinstance(node, Section):
                if node.repeats:
                    self.rows[node.path] = (0, 0 if node.count else -1)
                continue
            if node.repeat:
                continue
            text = node.default or self.preload(node)
            if text:
                self.put(node.path, text)
        self.board.lay_out(self.values, self.hidden, dict.fromkeys(self.rows, 0))
        for question in self.form.questions:
            if question.dynamic_default and not question.repeat:
                self.put(question.path, self.defaulted(question, question.path))
        self.follow(range(len(self.layout.dependencies.rules)))
        for section in self.form.sections.values():
            if section.repeats and not section.count:
                for _ in range(section.first_rows):
                    self.grow(section)

    def preload(self, question: Question) -> str:
        """What a form wants to know about the filling in itself."""
        match question.preload:
            case "start":
                return self.context.now.isoformat(timespec="milliseconds")
            case "today":
                return self.today.isoformat()
            case "uid":
                digest = sha256(f"instance {self.seed}".encode()).hexdigest()
                return f"uuid:{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        return ""

    # --- the way --------------------------------------------------------------------------------------

    @property
    def stops(self) -> list[Stop]:
        """Every place of the way as it is now, relevant or not."""
        if self.stops_made is None:
            self.stops_made = list(self.make_stops())
        return self.stops_made

    def make_stops(self) -> Iterable[Stop]:
        open_repeat: Section | None = None
        for node in self.form.nodes:
            if open_repeat and node.repeat != open_repeat.path:
                yield from self.stops_of(open_repeat)
                open_repeat = None
            if isinstance(node, Section):
                open_repeat = node if node.repeats else open_repeat
            elif not node.repeat and (node.asks or node.type is QuestionType.NOTE):
                yield Stop(node.path, node)
        if open_repeat:
            yield from self.stops_of(open_repeat)

    def stops_of(self, section: Section) -> Iterable[Stop]:
        shown_ = [
            question
            for question in self.layout.insides[section.path]
            if question.asks or question.type is QuestionType.NOTE
        ]
        for row in range(1, self.board.rows[section.path] + 1):
            for question in shown_:
                yield Stop(at_row(question.path, section.path, row), question)
        yield Stop(section.path, None, section)

    def place(self) -> int:
        """Where the open question stands among the stops; the end if nothing is open."""
        return self.place_of(self.position)

    def place_of(self, path: str | None) -> int:
        return next((n for n, stop in enumerate(self.stops) if stop.path == path), len(self.stops))

    def move(self, after: int | None) -> list[Event]:
        """Open the next question behind the stop number `after` (None: the first), or finish."""
        start = 0 if after is None else after + 1
        if not self.jumped and self.open_from(start, unanswered=False):
            return self.asked()
        if self.open_from(0, unanswered=True):
            self.jumped = True
            return self.asked()
        wrong = self.first_wrong()
        if wrong:
            self.position = wrong.path
            self.jumped = True
            return [wrong, *self.asked()]
        self.position = None
        return self.finished()

    def open_from(self, start: int, unanswered: bool) -> bool:
        """Stand at the first question from `start` on; with `unanswered`, at the first that nobody passed."""
        place = start
        while place < len(self.stops):
            stop = self.stops[place]
            if stop.section:
                if self.open_rows(stop.section):
                    continue
                if self.offers_row(stop.section):
                    self.position = stop.path
                    return True
            elif (
                stop.question
                and stop.question.asks
                and self.is_relevant(stop.path)
                and not (unanswered and stop.path in self.visited)
            ):
                self.position = stop.path
                return True
            place += 1
        return False

    def open_rows(self, section: Section) -> bool:
        """Add the next row of a repeat with a count, if one is due."""
        if section.count is None or not self.is_relevant(section.path):
            return False
        grown, limit = self.rows[section.path]
        if section.path in self.layout.dependencies.self_fed:
            limit = self.count(section.count, section.path)
            self.rows[section.path] = (grown, max(limit, grown))
        if grown >= min(limit, MOST_ROWS):
            return False
        self.grow(section)
        return True

    def offers_row(self, section: Section) -> bool:
        """Whether the person is asked for another row."""
        return self.is_free(section) and section.path not in self.closed and self.is_relevant(section.path)

    # --- messages -------------------------------------------------------------------------------------

    def handle(self, message: Message) -> list[Event]:
        """Do what `message` wants."""
        match message:
            case Back():
                return self.back()
            case GoTo(path):
                return self.go_to(path)
            case Resume():
                return self.asked() if self.position else self.finished()
        if self.position is None:
            return self.finished()
        section = self.form.sections.get(self.position)
        if section:
            return self.about_rows(section, message)
        match message:
            case Repeat(more):
                return self.in_row(more)
            case Answer(text):
                return self.take(self.reading(text))
            case Value(value):
                question = self.form.question(self.position)
                return self.take(taking.canonical(question, value, self.options(question, self.position)))
            case Skip():
                return self.skip()
        return self.asked()

    def back(self) -> list[Event]:
        """To the stop before that asks something."""
        for place in range(self.place() - 1, -1, -1):
            stop = self.stops[place]
            asks = stop.question.asks if stop.question else self.is_free(stop.section)
            if asks and self.is_relevant(stop.path):
                self.position = stop.path
                self.jumped = False
                self.closed.discard(stop.path)
                break
        return self.asked() if self.position else self.finished()

    def is_free(self, section: Section | None) -> bool:
        return section is not None and section.count is None

    def is_full(self, section: Section) -> bool:
        return self.rows[section.path][0] >= MOST_ROWS

    def go_to(self, path: str) -> list[Event]:
        """To any question on the way; to one that is not, nothing changes."""
        found = next((stop for stop in self.stops if stop.path == path), None)
        asks = found is not None and (found.question.asks if found.question else self.is_free(found.section))
        if asks and self.is_relevant(path) and path != self.position:
            self.position = path
            self.jumped = True
            self.closed.discard(path)
        return self.asked() if self.position else self.finished()

    def about_rows(self, section: Section, message: Message) -> list[Event]:
        """Where another row is offered: more, or no more."""
        match message:
            case Repeat(more):
                pass
            case Skip():
                more = False
            case Answer(text):
                reading = read(text, Asking(Kind.CONFIRM, self.today))
                if reading.status == "ask" or not isinstance(reading.value, bool):
                    return [Refused(section.path, reading.doubt or "unknown_answer")]
                more = reading.value
            case _:
                return self.asked()
        place = self.place()
        if more and self.is_full(section):
            return [Refused(section.path, "rows_full", {"most": MOST_ROWS})]
        if more:
            self.grow(section)
            return self.move(place - 1)
        self.closed.add(section.path)
        return self.move(place)

    def in_row(self, more: bool) -> list[Event]:
        """More rows or none, said at a question: at the first one of a fresh row, "none" takes that row back."""
        path = self.position or ""
        section = self.form.sections.get(self.form.question(path).repeat)
        if section is None or section.count is not None or more:
            return self.asked()
        grown, limit = self.rows[section.path]
        prefix = f"{section.path}[{grown}]/"
        if not path.startswith(prefix) or any(one.startswith(prefix) for one in self.visited):
            return self.asked()
        self.rows[section.path] = (grown - 1, limit)
        for kept in [one for one in self.values if one.startswith(prefix)]:
            del self.values[kept]
        self.hidden = {one for one in self.hidden if not one.startswith(prefix)}
        self.show_rows(section.path)
        self.closed.add(section.path)
        self.follow(self.layout.dependencies.within.get(section.path, ()))
        self.position = section.path
        return self.move(self.place())

    def reading(self, text: str) -> taking.Taken | taking.Doubted:
        path = self.position or ""
        return self.reading_of(text, self.form.question(path), path)

    def reading_of(self, text: str, question: Question, path: str) -> taking.Taken | taking.Doubted:
        unit = self.unit_said(question, text)
        return taking.typed(question, text, self.options(question, path), unit, self.today)

    def unit_said(self, question: Question, text: str) -> str:
        """The unit by which `text` is read: that of the person's language if it is said, else the Vietnamese."""
        own = unit_of(self.form, question, self.context.lang)
        said = own and fold(english_one(own)) in fold(text)
        return own if said else unit_of(self.form, question, "vi")

    def take(self, taken: taking.Taken | taking.Doubted) -> list[Event]:
        """Keep an answer that the form allows and go on, or say why not."""
        path = self.position or ""
        question = self.form.question(path)
        if isinstance(taken, taking.Doubted):
            message = self.words(question.required_message, path) if taken.code == "empty" else ""
            return [self.refused(question, path, taken.code, message, dict(taken.data), taken.candidates)]
        if not self.allowed(question, path, taken.value):
            return [self.refused(question, path, "constraint", self.words(question.constraint_message, path))]
        self.answer(path, taken.value)
        self.visited.add(path)
        (self.estimates.add if taken.estimate else self.estimates.discard)(path)
        last = self.take_other(question, path, taken.other) if taken.other and question.other else path
        said = taken.other or shown(self.form, question, taken.value, self.context.lang)
        recorded = Recorded(path, taken.value, said, taken.estimate, taken.exact)
        return [recorded, *self.move(self.place_of(last))]

    def take_other(self, question: Question, path: str, text: str) -> str:
        """What was said beside "other" answers the text question behind it, whose path is returned."""
        beside = path.rpartition("/")[0] + "/" + question.other.rpartition("/")[2]
        self.answer(beside, text)
        self.visited.add(beside)
        return beside

    def allowed(self, question: Question, path: str, value: str) -> bool:
        """Whether the constraint holds of `value`, tried on the board and taken off again."""
        if question.constraint is None:
            return True
        before = self.board.texts.get(path, "")
        self.board.put(path, value)
        try:
            return self.holds(question.constraint, path)
        finally:
            self.board.put(path, before)

    def skip(self) -> list[Event]:
        """On without an answer, where the form allows it."""
        path = self.position or ""
        question = self.form.question(path)
        default = self.values.get(path, "") if path not in self.visited else ""
        if default and not self.allowed(question, path, default):
            return [self.refused(question, path, "constraint", self.words(question.constraint_message, path))]
        if not default and self.is_required(question, path):
            return [self.refused(question, path, "required", self.words(question.required_message, path))]
        self.answer(path, default)
        self.estimates.discard(path)
        self.visited.add(path)
        return self.move(self.place())

    # --- wrong answers --------------------------------------------------------------------------------

    def first_wrong(self) -> Refused | None:
        """The first answer that the form does not allow as things stand now."""
        for stop in self.stops:
            question = stop.question
            if question is None or not question.asks or not self.is_relevant(stop.path):
                continue
            value = self.values.get(stop.path, "")
            if not value:
                if self.is_required(question, stop.path):
                    message = self.words(question.required_message, stop.path)
                    return self.refused(question, stop.path, "required", message)
            elif question.constraint and not self.holds(question.constraint, stop.path):
                message = self.words(question.constraint_message, stop.path)
                return self.refused(question, stop.path, "constraint", message)
        return None

    def refused(
        self,
        question: Question,
        path: str,
        code: str,
        message: str,
        data: dict[str, object] | None = None,
        candidates: tuple[Candidate, ...] = (),
    ) -> Refused:
        limits = self.limits(question, path)
        example = self.example(question, path, limits)
        return Refused(path, code, data or {}, message, limits, example, candidates)

    def limits(self, question: Question, path: str) -> Limits:
        """The least and the most that an answer may be, as far as the form says."""
        low = [number_of(self.value_of(limit, path)) for limit in question.lower]  # type: ignore[arg-type]
        high = [number_of(self.value_of(limit, path)) for limit in question.upper]  # type: ignore[arg-type]
        lows = [Decimal(str(number)) for number in low if isfinite(number)]
        highs = [Decimal(str(number)) for number in high if isfinite(number)]
        lows += [] if question.minimum is None else [question.minimum]
        highs += [] if question.maximum is None else [question.maximum]
        return (plain(max(lows)) if lows else None, plain(min(highs)) if highs else None)

    def example(self, question: Question, path: str, limits: Limits) -> str:
        """An answer that the form allows, as a person would write it; "" if none comes to mind."""
        for value in self.examples(question, path, limits):
            taken = taking.canonical(question, value, self.options(question, path))
            if isinstance(taken, taking.Taken) and self.allowed(question, path, taken.value):
                return self.written(question, path, taken.value)
        return ""

    def written(self, question: Question, path: str, value: str) -> str:
        """The value as a person may type it: in English "1,000,000" would be asked about, so it is 1.000.000."""
        text = shown(self.form, question, value, self.context.lang)
        read = self.reading_of(text, question, path)
        return text if isinstance(read, taking.Taken) else shown(self.form, question, value, "vi")

    def examples(self, question: Question, path: str, limits: Limits) -> list[str]:
        previous = self.context.previous.get(path, "")
        match question.type:
            case QuestionType.INTEGER | QuestionType.DECIMAL | QuestionType.RANGE:
                usual = "25" if question.whole or question.kind is Kind.COUNT else "12.5"
                ends = [taking.decimal_text(limit) for limit in reversed(limits) if limit is not None]
                return [value for value in (previous, usual, *ends, "1") if value]
            case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE:
                return [option.value for option in self.options(question, path)[:1]]
            case QuestionType.DATE:
                return [self.today.isoformat()]
            case QuestionType.TIME:
                return ["07:30:00.000"]
            case QuestionType.DATETIME:
                return [f"{self.today.isoformat()}T07:30:00.000"]
            case QuestionType.GEOPOINT:
                return ["22.14000 105.83000 0 0"]
        return []

    # --- what is said ---------------------------------------------------------------------------------

    def options(self, question: Question, path: str) -> tuple[Option, ...]:
        """The choices that are offered now, with their labels."""
        if not question.list:
            return ()
        known = self.layout.choices[question.list]
        if question.items is None:
            offered = list(known)
        else:
            items = self.value_of(question.items, path)
            found = items if isinstance(items, list) else []
            offered = [name for name in (item.findtext("name") for item in found) if name in known]
        if question.shuffled:
            offered.sort(key=lambda value: sha256(f"{self.seed} {path} {value}".encode()).digest())
        return tuple(Option(value, self.words(known[value].labels, path)) for value in offered)

    def asked(self) -> list[Event]:
        """The open question as it is to be shown."""
        path = self.position or ""
        section = self.form.sections.get(path)
        if section:
            return [Asked(self.ask_for_row(section))]
        return [Asked(self.ask(self.form.question(path), path))]

    def ask(self, question: Question, path: str) -> Ask:
        lang = self.context.lang
        low, high = self.limits(question, path) if question.type in NUMBERS else (None, None)
        options = self.options(question, path)
        previous = self.previous(question, path, options)
        current = self.values.get(path)
        number, total = self.numbers(path)
        return Ask(
            path=path,
            number=number,
            total=total,
            type=question.type,
            kind=question.kind,
            unit=unit_of(self.form, question, lang),
            label=self.words(question.labels, path),
            hint=self.words(question.hints, path),
            notes=self.notes(self.place()),
            section=self.section(path),
            choices=options,
            multiple=question.type is QuestionType.SELECT_MULTIPLE,
            other=bool(question.other),
            required=self.is_required(question, path),
            minimum=low,
            maximum=high,
            previous=previous,
            previous_shown=shown(self.form, question, previous, lang) if previous else "",
            current=current,
            current_shown=shown(self.form, question, current, lang) if current else "",
            cut=self.cut(question, path),
        )

    def ask_for_row(self, section: Section) -> Ask:
        label = self.words(section.labels, section.path) or section.name
        rows = self.board.rows[section.path]
        number, total = self.numbers(section.path)
        return Ask(
            path=section.path,
            number=number,
            total=total,
            type=QuestionType.REPEAT,
            kind=Kind.CONFIRM,
            unit="",
            label=label,
            notes=self.notes(self.place()),
            repeat=RepeatAsk(label, rows, self.is_full(section)),
        )

    def cut(self, question: Question, path: str) -> int:
        """How many rows a repeat is asked for, at the first question of one whose count wants more; else 0."""
        section = self.form.sections.get(question.repeat)
        if section is None or section.count is None or self.wanted(section.count, section.path) <= MOST_ROWS:
            return 0
        first = f"{section.path}[1]/"
        asked = (stop.path for stop in self.stops if stop.question and stop.question.asks)
        return MOST_ROWS if path == next((one for one in asked if one.startswith(first)), "") else 0

    def previous(self, question: Question, path: str, options: tuple[Option, ...]) -> str | None:
        """The value of the period before, if it could be given again."""
        value = self.context.previous.get(path)
        if not value or question.type is QuestionType.IMAGE:
            return None
        taken = taking.canonical(question, value, options)
        return taken.value if isinstance(taken, taking.Taken) else None

    def numbers(self, path: str) -> tuple[int, int]:
        """Which question this is, of how many."""
        number = total = 0
        for stop in self.stops:
            if stop.path == path:
                number = total + 1
            if stop.question and stop.question.asks and (not self.hidden or self.is_relevant(stop.path)):
                total += 1
        return min(number, total) or 1, max(total, 1)

    def notes(self, place: int) -> tuple[str, ...]:
        """The notes directly before a stop."""
        found: list[str] = []
        for stop in reversed(self.stops[:place]):
            if stop.question is None:
                continue
            if not self.is_relevant(stop.path):
                continue
            if stop.question.asks:
                break
            found.append(self.words(stop.question.labels, stop.path))
        return tuple(reversed([note for note in found if note]))

    def section(self, path: str) -> str:
        """The labels of the groups around a question, outermost first; of a repeat with its row."""
        plain_path, names = template(path), []
        for section in self.form.sections.values():
            if not plain_path.startswith(f"{section.path}/"):
                continue
            inside = section.repeat and len(section.repeat) < len(path) and path[len(section.repeat)] == "["
            row = path[len(section.repeat) : path.index("]") + 1] if inside else ""
            at = f"{section.repeat}{row}{section.path[len(section.repeat) :]}" if row else section.path
            label = self.words(section.labels, at)
            if section.repeats:
                label = f"{label or section.name} {path[len(section.path) + 1 : path.index(']')]}"
            if label:
                names.append(label)
        return " › ".join(names)

    def finished(self) -> list[Event]:
        """All answers, once nothing is left to ask."""
        for question in self.form.questions:
            if question.preload == "end" and self.is_relevant(question.path):
                self.put(question.path, self.context.now.isoformat(timespec="milliseconds"))
        document = self.board.instance(self.form.name, self.form.stated_version or self.form.version)
        return [Finished(dict(self.relevant_values()), document, self.notes(len(self.stops)))]

    def relevant_values(self) -> Iterable[tuple[str, str]]:
        """Every relevant value in document order, without what only names the document."""
        for question in self.form.questions:
            paths = [question.path]
            if question.repeat:
                rows = self.board.rows[question.repeat]
                paths = [at_row(question.path, question.repeat, row) for row in range(1, rows + 1)]
            for path in paths:
                if path in self.board.texts:
                    yield path, self.board.texts[path]

    def lines(self, *, skipped: bool) -> Iterable[Line]:
        """The answered questions for the review; with `skipped` also those asked and left without an answer."""
        for stop in self.stops:
            question, value = stop.question, self.values.get(stop.path, "")
            if question is None or not question.asks or not self.is_relevant(stop.path):
                continue
            if not value and not (skipped and stop.path in self.visited):
                continue
            said = shown(self.form, question, value, self.context.lang)
            label = self.words(question.labels, stop.path)
            yield Line(stop.path, label, said, stop.path in self.estimates, value)


NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})


def plain(number: Decimal) -> Decimal:
    """Without an exponent or idle zeros."""
    return Decimal(taking.decimal_text(number))
