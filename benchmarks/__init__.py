"""What the product costs, as ratios against the bare database doing the same work in the same run."""
