"""Looking into a value piece by piece, for the inspector, without running code of the user."""
