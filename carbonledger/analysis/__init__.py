"""The analysis floor: what changed, and whether printed figures follow from their data."""
