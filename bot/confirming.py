"""Asks once more before a command does what is hard to undo, in the language of the commands."""

from bot.problems import Problem, WrongCall
from bot.teller import Teller


def confirm(question: str, say: Teller) -> None:
    """Pass silently if the person at the terminal says yes.

    Raises Problem if they say no, or nothing; WrongCall, with what to do instead, if nobody can answer.
    """
    prompt = say("admin.confirm.choice", question=question)
    while True:
        try:
            typed = input(prompt).strip().lower()
        except EOFError:
            print()  # noqa: T201 - the question stands alone on its line
            raise WrongCall(say("admin.confirm.nobody")) from None
        if typed in say("admin.confirm.yes").split(", "):
            return
        if not typed or typed in say("admin.confirm.no").split(", "):
            raise Problem(say("admin.confirm.left"))
        print(say("admin.confirm.unread"))  # noqa: T201 - an answer
