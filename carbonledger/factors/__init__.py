"""The factors wing: published numbers, their editions, and how one is found."""
