"""What is owed, covered, visible, held back and changed, as somebody sees it on a day. Knows no message and no channel."""
