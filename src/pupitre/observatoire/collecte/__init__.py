"""What partners send: sources, deliveries, how their files are read, checked and located."""
