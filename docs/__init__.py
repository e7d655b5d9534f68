"""Documentation, and the pages that are written from the code."""
