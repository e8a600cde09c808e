"""`thonbao serve`: the bot on its platforms, until it is stopped."""

import sys

import typer


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("serve")(serve_command)


def serve_command() -> None:
    """Chạy máy trên Telegram cho đến khi dừng (Ctrl-C, SIGTERM) / run the bot."""
    import asyncio

    from bot.serve import serve
    from bot.settings import load_settings

    settings = load_settings()
    if sys.platform == "win32":
        asyncio.run(serve(settings))
    else:
        import uvloop

        uvloop.run(serve(settings))
