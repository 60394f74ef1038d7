"""Charts: as words with bars of letters, and as pictures."""
