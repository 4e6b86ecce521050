"""``manage.py serve``: everything of one machine in one command, supervised."""
