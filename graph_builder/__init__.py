"""From open data to one immutable snapshot, and its views as graph and matrices."""
