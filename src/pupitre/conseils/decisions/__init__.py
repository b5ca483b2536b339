"""What was decided: numbers, owners, deadlines, and what came of it."""
