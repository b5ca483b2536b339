"""Tables whose columns are guessed then described: their heading, their columns, what is kept and what is left."""
