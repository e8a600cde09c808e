"""What all turns share and none changes: what figures are made of, the bot's own names, the quiet hours."""

from dataclasses import dataclass, field

from figures.knowledge import Knowledge
from handlers.quiet import QuietHours
from storage.retention import Terms


@dataclass
class Library(Knowledge):
    """Lives as long as the process."""

    bot_names: dict[str, str] = field(default_factory=dict)
    """The bot's user name on each channel, once known."""
    public_url: str = ""
    paid: frozenset[str] = frozenset()
    """The channels on which a message may cost."""
    data_officer: str = ""
    """Who is in charge of personal data, as people read it; "" where nobody has said."""
    quiet: QuietHours = field(default_factory=QuietHours)
    terms: Terms = field(default_factory=Terms)
    """How long what concerns people is kept."""
