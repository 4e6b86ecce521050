"""Saving and restoring a session's values and files, in units smaller than variables.

``engine.py`` is where to begin; docs/snapshots.md describes the bytes. What cannot be saved is left
out by name, with a reason in words and the way to what holds it.
"""
