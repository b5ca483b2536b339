"""What cells and lines say: numbers, periods, places, totals; the journal of what is odd; the table of observations."""
