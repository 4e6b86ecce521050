"""Values as bytes: columns of atoms and references, and large payloads in chunks.

Nothing here knows what the values mean; docs/snapshots.md describes the format.
"""
