"""Answers to questions about stages, one module a kind."""
