"""What opens a file: bytes in, sheets of texts out (`ouverture`), within limits."""
