"""Séances before they are held: dates, agenda, convocations, preparations, the mayor's file."""
