"""What a team agrees on: rates of exchange, goals, working days. Read only where the whole message
says so: every word of it must be accounted for, so that nothing about customers is taken for it."""

from language.agreed.aims import Aim, read_aim
from language.agreed.reading import read_agreed

__all__ = ["Aim", "read_agreed", "read_aim"]
