"""The baseline: the pattern that python-telegram-bot documents, with each answer committed durably.

`ConversationHandler` keeps the dialogue's place in memory; each answer is committed to SQLite (WAL,
synchronous=FULL) before the next question is sent; updates come by webhook through Starlette as in the
library's `customwebhookbot` example. Library defaults otherwise.
"""

import argparse
import asyncio

import aiosqlite
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

QUESTIONS = 10


async def serve(options: argparse.Namespace) -> None:
    database = await aiosqlite.connect(options.database)
    await database.execute("PRAGMA journal_mode=WAL")
    await database.execute("PRAGMA synchronous=FULL")
    await database.execute("CREATE TABLE answer (chat INTEGER, question INTEGER, value TEXT)")
    await database.commit()

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await update.message.reply_text("Câu 1/10: số hộ?")
        return 0

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        place = context.user_data.get("place", 0)
        values = (update.effective_chat.id, place, update.message.text)
        await database.execute("INSERT INTO answer VALUES (?, ?, ?)", values)
        await database.commit()
        context.user_data["place"] = place = (place + 1) % QUESTIONS
        await update.message.reply_text(f"Ghi nhận {update.message.text}. Câu {place + 1}/10: số hộ?")
        return 0

    application = (
        Application.builder()
        .token("1:token")
        .base_url(f"http://127.0.0.1:{options.api_port}/bot")
        .updater(None)
        .build()
    )
    talk = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={0: [MessageHandler(filters.TEXT & ~filters.COMMAND, answer)]},
        fallbacks=[CommandHandler("start", start)],
    )
    application.add_handler(talk)

    async def webhook(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    app = Starlette(routes=[Route("/hook", webhook, methods=["POST"])])
    config = uvicorn.Config(app, port=options.port, log_level="error", access_log=False)
    async with application:
        await application.start()
        await uvicorn.Server(config).serve()
        await application.stop()
    await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-port", type=int, required=True)
    parser.add_argument("--database", required=True)
    asyncio.run(serve(parser.parse_args()))
