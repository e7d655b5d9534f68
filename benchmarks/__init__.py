"""Speed and quality as ratios against a stated rival, measured in one run."""
