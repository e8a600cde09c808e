"""`python -m bot` is `thonbao`."""

from bot.cli import main

main()
