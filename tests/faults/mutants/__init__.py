"""Rabta with one thing wrong at a time: would a test have told?

``make mutants COUNT=100 SEED=1`` changes that many places of ``bot/``, ``storage/`` and
``scheduler/``, each alone in a copy of the project, and runs the tests that come by that line.
"""
