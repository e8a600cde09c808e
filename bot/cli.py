"""The command `thonbao`: how an administrator, a script and a test drive the system.

Errors that a person can mend go to standard error as one sentence.
"""

import os
import sys
from typing import Annotated

import typer
import typer.main
from typer.exceptions import TyperException

from bot.language import language
from bot.lazy import LazyGroup
from bot.problems import Problem, WrongCall
from bot.teller import Teller
from bot.usage import wrong_call
from bot.version import VERSION
from questionnaires.faults import WordsFault

app = typer.Typer(
    name="thonbao",
    cls=LazyGroup,
    help="Thôn Báo: báo cáo từ thôn bản qua tin nhắn / Thôn Báo: field reports from villages by chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def show_version(wanted: bool) -> None:
    if wanted:
        print(f"thonbao {VERSION}")  # noqa: T201 - what was asked for
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """What `thonbao` itself takes; its help stands above."""


def program(locale: str) -> LazyGroup:
    """The command `thonbao` with every command below it, its help in a language."""
    group = typer.main.get_group(app)
    assert isinstance(group, LazyGroup)
    group.speak(locale)
    return group


def main() -> None:
    """Run the command line. Exits with 1 for what went wrong while running, 2 for a wrong call."""
    os.umask(0o077)  # also files that are written without special care are for their owner alone
    try:
        sys.exit(program(language()).main(standalone_mode=False) or 0)
    except TyperException as error:
        if (
            error.format_message()
        ):  # a group called without a command has shown its help, and says nothing more
            sys.stderr.write(f"{wrong_call(error, language())}\n")
        sys.exit(WrongCall.exit_code)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.exit_code)
    except WordsFault as fault:  # raised by an import: the module that explains other troubles may fail too
        sys.stderr.write(Teller(language())("admin.words_fault", fault=str(fault)) + "\n")
        sys.exit(1)
    except Exception as error:
        # The module that explains troubles imports the database, which takes a second; `--help` must not.
        from bot.administration import problem_of

        known = problem_of(error)
        if known is None:
            raise
        sys.stderr.write(f"{known}\n")
        sys.exit(known.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
