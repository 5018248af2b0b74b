"""What `passerelle export csv` wrote."""
