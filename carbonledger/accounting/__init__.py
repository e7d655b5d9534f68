"""The accounting floor: entries meet factors, lines become an inventory."""
