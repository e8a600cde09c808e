"""What is due, covered, visible, withheld and changed, for one reader on one day. Knows no message and no channel."""
