"""What the two readers of the bases of the SSMSI share."""
