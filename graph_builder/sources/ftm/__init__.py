"""FollowTheMoney entities, one JSON object per line."""
