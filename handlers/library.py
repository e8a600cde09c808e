"""What all turns share and none changes: what figures are made of, the bot's own names, the quiet hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from figures.knowledge import Knowledge
from handlers.quiet import QuietHours
from storage.letter_chats import Costs
from storage.retention import Terms
from storage.tables import Contact


@dataclass
class Library(Knowledge):
    """Lives as long as the process."""

    bot_names: dict[str, str] = field(default_factory=dict)
    """The bot's user name on each channel, once known."""
    public_url: str = ""
    costs: Costs = field(default_factory=dict)
    """The channels on which a message may cost, each with how long it costs nothing after the person's own last message."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """The channels that are served, by the platform's own name for people."""
    by_phone: frozenset[str] = frozenset()
    """The channels whose readers may be written to by their number where nothing else reaches them, at a cost."""
    in_words: frozenset[str] = frozenset()
    """The channels that show only words: who reads there sees no photo."""
    reaches: Callable[[Contact, datetime], bool] = lambda chat, at: True
    """Whether an urgent message to a chat goes out now: its channel is served, and takes messages to it."""
    data_officer: str = ""
    """Who is in charge of personal data, as people read it; "" where nobody has said."""
    quiet: QuietHours = field(default_factory=QuietHours)
    terms: Terms = field(default_factory=Terms)
    """How long what concerns people is kept."""
