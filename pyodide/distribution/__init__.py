"""Builds what the server serves as the runtime. ``build.py`` is the command."""
