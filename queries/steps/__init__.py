"""The steps that take a question on, each with what one part of it says, or ask back about it."""
