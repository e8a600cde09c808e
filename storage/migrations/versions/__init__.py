"""Each file brings the tables one step further."""
