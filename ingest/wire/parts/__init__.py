"""What several wire formats are made of."""
