"""The battery of saved state: what of a live session survives, case by case."""
