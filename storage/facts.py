"""A few facts about this installation that commands and the running bot tell each other."""

from typing import Final

from storage.session import Session
from storage.tables import Setting

TELEGRAM_NAME: Final = "telegram_name"
"""The bot's user name on Telegram, which makes links to it: `name_on("telegram")`."""

ERASED: Final = "erased_since_rewritten"
"""Set once somebody's data were erased, until the file has been rewritten (`storage.database.rewrite`)."""


def name_on(channel: str) -> str:
    """Under which key the bot's user name on a channel is kept."""
    return f"{channel}_name"


async def get(session: Session, key: str) -> str:
    """The fact of that name, "" while it is not known."""
    setting = await session.get(Setting, key)
    return setting.value if setting else ""


async def put(session: Session, key: str, value: str) -> None:
    """Keep a fact, in place of an older one."""
    await session.merge(Setting(key=key, value=value))
    await session.flush()
