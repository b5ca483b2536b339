"""Outlines of secteurs: reading, checking, locating points, simplifying. Pure functions, no database."""
