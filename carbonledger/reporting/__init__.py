"""The reporting floor: everything a reader sees, in Chinese and English."""
