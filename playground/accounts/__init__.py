"""People: guests, accounts, sign-in, profile."""
