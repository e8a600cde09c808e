"""Asks the person at the terminal, one question at a time, in the language of the commands."""

import sys

from bot.problems import WrongCall
from bot.teller import Teller


class NobodyAnswers(WrongCall):
    """The terminal is closed: asking again makes no sense."""


def is_terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty()


def line(prompt: str, say: Teller) -> str:
    """Return what was typed. Raises NobodyAnswers."""
    try:
        return input(prompt).strip()
    except EOFError:
        print()  # noqa: T201 - the question stands alone on its line
        raise NobodyAnswers(say("admin.ask.nobody")) from None


def ask(question: str, say: Teller, default: str = "") -> str:
    """Return what was typed; `default` for an empty line. Raises NobodyAnswers."""
    prompt = say("admin.ask.default", question=question, default=default) if default else f"{question}: "
    return line(prompt, say) or default


def agrees(question: str, say: Teller) -> bool:
    """Whether the person says yes; an empty line is no. Raises NobodyAnswers."""
    prompt = say("admin.confirm.choice", question=question)
    while True:
        typed = line(prompt, say).lower()
        if typed in say("admin.confirm.yes").split(", "):
            return True
        if not typed or typed in say("admin.confirm.no").split(", "):
            return False
        print(say("admin.confirm.unread"))  # noqa: T201 - an answer


def ask_number(question: str, most: int, say: Teller, default: int) -> int:
    """Return a number from 0 to `most`, asking until there is one. Raises NobodyAnswers."""
    while True:
        typed = ask(question, say, str(default))
        if typed.isdecimal() and int(typed) <= most:
            return int(typed)
        print(say("admin.ask.number", most=most))  # noqa: T201 - an answer
