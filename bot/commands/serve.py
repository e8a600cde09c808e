"""`thonbao serve`: the bot on its platforms, until it is stopped."""

import sys

import typer


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("serve")(serve_command)


def serve_command() -> None:
    """Chạy máy trên Telegram cho đến khi dừng (Ctrl-C, SIGTERM) / run the bot until it is stopped."""
    import asyncio

    from bot.administration import problem_of
    from bot.problems import Problem
    from bot.serve import serve
    from bot.settings import load_settings

    settings = load_settings()
    run = asyncio.run
    if sys.platform != "win32":
        import uvloop

        run = uvloop.run
    try:
        run(serve(settings))
    except Problem:
        raise
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from None
