"""Made-up customers: to look around with in a new workspace, to show, to measure."""
