"""A séance while it is held: who is there, what is said, what is decided."""
