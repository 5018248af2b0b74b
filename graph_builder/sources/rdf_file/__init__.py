"""RDF that uses W3C ORG and SKOS."""
