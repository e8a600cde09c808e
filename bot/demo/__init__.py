"""The demonstration: a fresh database with invented villages in a real district, and a tour of the bot."""
