"""What the running bot and the commands that write letters share, made of the settings."""

from bot.settings import Settings
from handlers.library import Library
from plans.reading import load_plans
from storage.letter_chats import Costs


def costs_of(settings: Settings) -> Costs:
    """The channels on which a message may cost, with how long each is free after the person's own last message."""
    return {channel.name: channel.free_for for channel in settings.channels if channel.paid}


def library_of(settings: Settings) -> Library:
    """What all turns and letters share, as it is set."""
    return Library(
        load_plans(),
        settings.zone,
        public_url=settings.public_url,
        quiet=settings.quiet,
        data_officer=settings.data_officer,
        terms=settings.terms,
        costs=costs_of(settings),
        by_phone=frozenset(channel.name for channel in settings.served if channel.writes_by_phone),
        channels={channel.name: channel.title for channel in settings.served},
    )
