"""The steps that refine a question, each by one part of what was said, or ask back about it."""
