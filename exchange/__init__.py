"""Address books and exports of other CRMs, from bytes to records; it knows no database."""
