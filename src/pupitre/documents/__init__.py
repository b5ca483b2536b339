"""Renders frozen facts: PDF, charts, spreadsheets. Receives dataclasses, never a model."""
