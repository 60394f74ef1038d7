"""Records as files: tables for spreadsheets, cards for phones, lines for programs."""
