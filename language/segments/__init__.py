"""Segments in words: from a description of contacts to the tree of a query."""
