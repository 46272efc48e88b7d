"""The product with everything around it on one machine, for trying and developing."""
