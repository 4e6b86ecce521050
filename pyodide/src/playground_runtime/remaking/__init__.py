"""Which entries make a variable again that could not be saved: found by reading their code.

``reading`` says what one entry needs and makes, ``effects`` what it does besides, ``lineage`` which
entries led to the values that are here, ``finding`` which of them have to run again.
"""
