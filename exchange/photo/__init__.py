"""Photos: the codes in them, and what they say."""
