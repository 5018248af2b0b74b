"""The shape of the territory: clusters, islands, and what stands between them."""
