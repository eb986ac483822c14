"""Hostile presses and activities on a whole rehearsal, judged by the table of who may."""
