"""What the published deliveries say: figures, comparisons, comments, the dashboard."""
