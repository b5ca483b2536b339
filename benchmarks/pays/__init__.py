"""The same work at the size of a country: one council's dashboard, the national roll-up, beside other engines."""
