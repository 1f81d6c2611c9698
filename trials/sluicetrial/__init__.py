"""A real Sluice process under trial: faults and soak."""
