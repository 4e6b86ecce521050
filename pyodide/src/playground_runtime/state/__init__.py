"""Saving and restoring a session's values and files.

A plain engine: all variables go through one pickler, so what they share stays shared; each is
counted and can fail by itself. What cannot be saved is left out by name, with a reason in words.
"""
