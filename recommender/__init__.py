"""Who should meet whom and why, what is missing, and how good the answers are."""
