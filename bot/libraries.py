"""What the running bot and the commands that write letters share, made of the settings."""

from bot.settings import Settings
from handlers.library import Library
from plans.reading import load_plans


def library_of(settings: Settings) -> Library:
    """What all turns and letters share, as it is set."""
    return Library(
        load_plans(),
        settings.zone,
        public_url=settings.public_url,
        quiet=settings.quiet,
        data_officer=settings.data_officer,
        terms=settings.terms,
        paid=frozenset(channel.name for channel in settings.channels if channel.paid),
    )
