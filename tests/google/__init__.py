"""What is special to the adapters on Google Cloud, beyond the contracts of the ports."""
