"""The read-only web service of `passerelle serve`: a JSON API over the ecosystem and a SPARQL 1.1 endpoint, on this machine only."""
