"""The conformance vectors: what they are, and the runner that any implementation can use."""
