"""The two tokens of an Official Account: one process renews them, and both are on disk before either is used.

A refresh token works once, within three months; the access token that it gives works for a day. If the new pair is
lost between Zalo's answer and the disk, an administrator has to get another one. So there is one writer at a time: a
lock in the database, held for longer than the call can take.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final

import structlog
from sqlmodel import SQLModel

from bot.channels.zalo_oa_client import OaRefused
from storage import facts
from storage.session import Session
from storage.tables import Setting, now
from storage.unit_of_work import Storage

TABLE: Final = SQLModel.metadata.tables["setting"]
KEPT: Final = "zalo_oa_tokens"
"""The fact that holds them."""
REFRESH: Final = timedelta(hours=12)
LIFETIME: Final = timedelta(days=90)
"""How long a refresh token lives."""
WARNED: Final = timedelta(days=14)
"""How long before its end an administrator is told."""
HELD: Final = timedelta(seconds=120)
"""How long the lock is held at most: longer than connecting and answering take together."""
REMEMBERED: Final = 60.0
"""Seconds for which a token is used without a look at the disk; one that was renewed elsewhere is refused at most once."""
WAIT: Final = 1.0
"""Seconds between two looks whether another process has renewed them."""
DAY: Final = "90000"

Renew = Callable[[str], Awaitable[dict[str, Any]]]
"""Returns Zalo's answer to a refresh token. Raises OaRefused, OaUnreachable."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is kept. `seed` is a hash of the refresh token that was set by hand, so that a new one is noticed."""

    seed: str = ""
    access: str = ""
    refresh: str = ""
    got_at: str = ""
    expires_at: str = ""
    locked_until: str = ""

    @classmethod
    def read(cls, written: str) -> "Tokens":
        return cls(**json.loads(written)) if written else cls()

    def dated(self, name: str) -> datetime:
        """Return one of its moments; long ago if there is none."""
        written = getattr(self, name)
        return datetime.fromisoformat(written) if written else datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def dies_at(self) -> datetime:
        """Return when the refresh token stops working."""
        return self.dated("got_at") + LIFETIME


class TokenKeeper:
    """Keeps the tokens of one account. `seed` is the refresh token that an administrator has set."""

    def __init__(self, storage: Storage, seed: str, renew: Renew) -> None:
        self.storage, self.seed, self.renew = storage, seed, renew
        self.known, self.known_until = Tokens(), 0.0
        """What was last read from disk, and up to when, by the loop's clock, that is good enough."""

    async def access(self, *, instead_of: str = "") -> str:
        """Return an access token that works as far as is known, other than `instead_of`. Raises OaRefused, OaUnreachable."""
        if self.known_until > self.moment() and self.works(self.known, instead_of):
            return self.known.access
        while True:
            kept = await self.kept()
            if self.works(kept, instead_of):
                self.known, self.known_until = kept, self.moment() + REMEMBERED
                return kept.access
            if await self.locked():
                return (await self.renewed(instead_of)).access
            await asyncio.sleep(WAIT)  # another process is at it

    @staticmethod
    def moment() -> float:
        return asyncio.get_running_loop().time()

    @staticmethod
    def works(tokens: Tokens, instead_of: str) -> bool:
        """Whether an access token works as far as is known, and is other than `instead_of`."""
        return bool(tokens.access) and tokens.access != instead_of and now() < tokens.dated("expires_at")

    async def keep_fresh(self) -> None:
        """Renew them twice a day. Raises OaRefused, OaUnreachable."""
        kept = await self.kept()
        if now() - kept.dated("got_at") >= REFRESH and await self.locked():
            await self.renewed(kept.access)

    async def kept(self) -> Tokens:
        """Return what is on disk; nothing if another token was set by hand since."""
        async with self.storage.reading() as session:
            return self.ours(Tokens.read(await facts.get(session, KEPT)))

    def ours(self, tokens: Tokens) -> Tokens:
        seed = sha256(self.seed.encode()).hexdigest()
        return tokens if tokens.seed == seed else Tokens(seed=seed, refresh=self.seed)

    async def locked(self) -> bool:
        """Take the lock. False where another process holds it."""

        first = self.storage.upsert(TABLE).values(key=KEPT, value="").on_conflict_do_nothing()

        async def work(session: Session) -> bool:
            await (await session.connection()).execute(first)
            row = await session.get(Setting, KEPT, with_for_update=True)
            kept = self.ours(Tokens.read(row.value if row else ""))
            if now() < kept.dated("locked_until"):
                return False
            await self.put(session, replace(kept, locked_until=(now() + HELD).isoformat()))
            return True

        return await self.storage.write(work)

    async def renewed(self, instead_of: str) -> Tokens:
        """Return a new pair, on disk. The lock, which we hold, is released. Raises OaRefused, OaUnreachable."""
        kept = await self.kept()
        tokens = replace(kept, locked_until="")
        try:
            if kept.access == instead_of or now() >= kept.dated("expires_at"):
                tokens = pair_of(await self.renew(kept.refresh), kept.seed)
        except OaRefused as refused:
            log.error("tokens of the Zalo account not renewed", refusal=refused.code)
            raise
        finally:
            await self.storage.write(partial(self.put, tokens=tokens))
        return tokens

    async def put(self, session: Session, tokens: Tokens) -> None:
        await facts.put(session, KEPT, json.dumps(asdict(tokens)))


def pair_of(answer: dict[str, Any], seed: str) -> Tokens:
    """The tokens of an answer. `expires_in` is a text, in seconds."""
    at = now()
    try:
        seconds = int(answer.get("expires_in") or DAY)
    except (TypeError, ValueError):
        seconds = int(DAY)
    # A little sooner than Zalo says: a call is on its way for a while.
    expires = at + timedelta(seconds=seconds) - timedelta(minutes=5)
    access, refresh = str(answer["access_token"]), str(answer["refresh_token"])
    return Tokens(seed, access, refresh, at.isoformat(), expires.isoformat())
