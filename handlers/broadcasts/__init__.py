"""What the bot says of its own accord: the weekly summary and reminders. Each has a key, so that it is said once."""
