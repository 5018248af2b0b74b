"""Dated events: what was known before a day, who asks, and untrained rankings over thousands of actors."""
