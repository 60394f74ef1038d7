"""The parsers that meet what strangers send, fed with bytes that nobody would send.

``make fuzz SECONDS=60`` runs each under atheris, guided by what it reaches; ``test_fuzz.py`` runs
the same targets in the suite, without a guide.
"""
