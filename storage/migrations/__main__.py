"""Writes a revision from what changed in `storage/tables/`: `python -m storage.migrations "what changed"`.

It compares the tables with an empty database brought to the newest revision. Read what it wrote before you
commit it: a renamed column looks to it like one dropped and one added.
"""

import asyncio
import sys
import tempfile

from alembic import command
from sqlalchemy import Connection

from storage.database import alembic_config, migrate, open_engine


async def write_revision(message: str) -> None:
    """Add a file to `versions/` that brings the newest revision to the tables."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/empty.db"
        await migrate(url)
        engine = open_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(autogenerate, message)
        await engine.dispose()


def autogenerate(connection: Connection, message: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.revision(config, message, autogenerate=True)


if __name__ == "__main__":
    asyncio.run(write_revision(" ".join(sys.argv[1:])))
