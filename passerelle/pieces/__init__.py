"""Pieces that pages share and that can be clicked: cards, profiles, panels, answers, the search box."""
