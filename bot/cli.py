"""The command `thonbao`: how an administrator, a script and a test drive the system.

Each group of commands is a file in `bot/commands`; their heavy imports stay inside the functions, so that
`--help` answers at once. Errors that a person can mend go to standard error as one sentence.
"""

import os
import sys

import typer

from bot.commands import register

app = typer.Typer(
    name="thonbao",
    help="Thôn Báo: báo cáo từ thôn bản qua tin nhắn / Thôn Báo: field reports from villages by chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
register(app)


def main() -> None:
    """Run the command line. Exits with 1 for what went wrong while running, 2 for a wrong call."""
    from bot.helping import in_language
    from bot.language import language
    from bot.problems import Problem

    os.umask(0o077)  # what is written without a thought is for its owner alone, too
    try:
        in_language(typer.main.get_command(app), language())()
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.exit_code)
    except Exception as error:
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
