"""What SQL finds: which entries a question concerns, and the facts by which `weigh` decides."""
