"""« Ma semaine »: what waits for each one, what is coming, what has come back; on screen and by e-mail."""
