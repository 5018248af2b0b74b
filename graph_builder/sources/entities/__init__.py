"""What every file of described entities (RDF, FollowTheMoney) has in common: its date and licence, its ids, its facts on their way."""
