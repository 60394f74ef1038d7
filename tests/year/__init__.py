"""A year of a made-up firm: its people talk to Rabta through real doors and keep their own books.

``cast`` and ``words``: who they are and how they speak. ``play``: the year as it is planned.
``leads``, ``sales``, ``service``, ``letters``, ``nudges``: what they do. Each thing that is done is
written into the ``ledger`` by what was meant. ``of_*`` count from the ledger alone, by the
definitions of docs/numbers.md, and read the same number off Rabta's answer.
"""
