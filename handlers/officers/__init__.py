"""What an officer does on their ground: looks who has reported, reminds, reports for a village, gives it another head."""
