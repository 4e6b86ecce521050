"""What the operator sees of an installation: health, storage, work, settings."""
