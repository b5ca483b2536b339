"""What the two readers of the état 4001 share."""
