"""What an officer does on their ground: sees who has reported, reminds, reports for a village, gives it another head."""
