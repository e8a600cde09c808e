"""Officials ask for figures in their own words: understood, answered with where it comes from, and gone on from."""
