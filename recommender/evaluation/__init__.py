"""How good the answers are: held-out events, full ranking, metrics with intervals, baselines beside them."""
