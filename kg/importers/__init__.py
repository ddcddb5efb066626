"""Data that others publish → a snapshot or records of this project: one module each."""
