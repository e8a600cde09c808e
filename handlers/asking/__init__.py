"""Officials' questions about figures, in their own words: from understanding to the answer and the follow-up."""
