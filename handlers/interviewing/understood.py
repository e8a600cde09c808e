"""What was understood of one message, as it is shown before it is stored: the lines, and the buttons to say yes or no."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from handlers.interviewing import review
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import FigureOf, Later, NotSeveral, TakeSeveral
from handlers.messages import Choice, clip, column
from questionnaires.interview import Answer, GoTo, Interview, Line, Refused, first_of, questions, step
from questionnaires.several import SaidAnswer, Several, apply

SHOWN: Final = 80
"""How many letters of a question, or of unclear words, the list shows."""


def show(sitting: Sitting, heard: Several, *before: Markup, meant: tuple[SaidAnswer, ...] = ()) -> None:
    """What was understood, what of the message `heard` is not noted, and what is missing.

    A button for each answer that may be `meant`.
    """
    say, values = sitting.turn.say, dict(sitting.notes.several)
    after, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    shown = {event.path: event.shown for event in recorded}
    asked = list(enumerate(questions(sitting.form, after, sitting.context), 1))
    parts = [*before, say("several.head", title=sitting.title)]
    lines = lines_of(sitting, asked, shown)
    parts.append(Markup("\n").join(lines))
    parts += not_noted(sitting, after, heard)
    # By number, since the full labels of a dozen questions would push what was understood off the screen.
    left = [str(number) for number, line in asked if not after.values.get(line.path)]
    if left:
        parts.append(say("several.missing", numbers=", ".join(left)))
    yes, no = sitting.named("several.button.yes", TakeSeveral), sitting.named("several.button.no", NotSeveral)
    figures = figure_buttons(sitting, asked, meant)
    sitting.speak(*parts, actions=column(*figures, *([yes] if lines else []), no, *put_aside(sitting)))
    sitting.save()


def put_aside(sitting: Sitting) -> list[Choice]:
    """Return the button that leaves a correction for later: it may have been opened by a number said beside something
    else."""
    return [sitting.named("interview.button.later", Later)] if sitting.row.corrects_id else []


def not_noted(sitting: Sitting, after: Interview, heard: Several) -> list[Markup]:
    """What of a message is not noted: each answer that cannot be, with what is wrong about it, and what is not clear."""
    say, unclear = sitting.turn.say, list(heard.doubtful)
    said = list[Markup]()
    for words, (path, answer) in zip(
        heard.doubtful[-len(heard.refused) or None :], heard.refused, strict=False
    ):
        why = wrong_about(sitting, after, path, answer)
        if why:
            unclear.remove(words)
            said.append(say("several.refused", words=clip(words, SHOWN), reason=why))
    if unclear:
        said.append(say("several.doubtful", words="; ".join(f"«{clip(piece, SHOWN)}»" for piece in unclear)))
    return said


def wrong_about(sitting: Sitting, after: Interview, path: str, answer: str) -> str:
    """What the questionnaire itself says against an answer; "" if it says nothing."""
    at, _ = step(sitting.form, after, GoTo(path), sitting.context)
    _, events = step(sitting.form, at, Answer(answer), sitting.context)
    refused = first_of(events, Refused)
    return refused.message if refused and refused.path == path else ""


def lines_of(sitting: Sitting, asked: Sequence[tuple[int, Line]], shown: Mapping[str, str]) -> list[Markup]:
    """A line for each answer that was understood, with what stood there before."""
    stood = {line.path: line.shown for line in questions(sitting.form, sitting.interview, sitting.context)}
    return [
        changed(sitting, number, line, shown[line.path], stood.get(line.path, ""))
        for number, line in asked
        if line.path in shown
    ]


def figure_buttons(
    sitting: Sitting, asked: Sequence[tuple[int, Line]], meant: Sequence[SaidAnswer]
) -> Iterator[Choice]:
    """A button for each answer that may be meant, with the number of its question."""
    numbers = {line.path: number for number, line in asked}
    for one in sorted((one for one in meant if one.path in numbers), key=lambda one: numbers[one.path]):
        label = sitting.turn.say("several.button.figure", number=numbers[one.path], answer=one.shown)
        yield sitting.button(label, FigureOf, one.path, figure=one.value)


def changed(sitting: Sitting, number: int, line: Line, answer: str, stood: str) -> Markup:
    """Return a line of the list; if the answer would replace another one, with that too."""
    key = "several.line_was" if stood not in ("", answer) else "interview.line"
    within = review.answer_within(sitting.turn, line, answer) if key == "interview.line" else ""
    if within:
        return sitting.turn.say("interview.line_within", number=number, words=within)
    return sitting.turn.say(
        key, number=number, label=clip(review.asked(line), SHOWN), answer=answer, was=stood
    )


def show_which(sitting: Sitting, meant: Sequence[SaidAnswer], *before: Markup) -> None:
    """Ask to which question the figure belongs that the answers in `meant` would be."""
    say, paths = sitting.turn.say, {one.path for one in meant}
    asked = list(enumerate(questions(sitting.form, sitting.interview, sitting.context), 1))
    lines = [
        say("interview.line", number=number, label=clip(review.asked(line), SHOWN), answer=line.shown)
        for number, line in asked
        if line.path in paths
    ]
    sitting.note(asked=str(say("several.short")))
    text = Markup("\n").join([say("several.of_which", answer=meant[0].shown), *lines])
    figures = figure_buttons(sitting, asked, meant)
    no = sitting.named("several.button.no", NotSeveral)
    sitting.speak(*before, text, actions=column(*figures, no, *put_aside(sitting)))
    sitting.save()
