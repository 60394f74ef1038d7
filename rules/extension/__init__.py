"""What to offer a customer next, and why: pure rules over who bought what and when."""
