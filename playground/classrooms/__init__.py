"""Classrooms: how pupils come in without accounts, and how their teachers look after them."""
