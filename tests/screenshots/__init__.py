"""Pictures of every page and state, made by one command: ``make screenshots``."""
