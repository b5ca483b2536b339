"""Data that one partner asks of another: use stated, owner's answer, visa, delivery, register (annex 6, § 2, 3°)."""
