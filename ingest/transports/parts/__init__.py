"""What several transports are made of."""
