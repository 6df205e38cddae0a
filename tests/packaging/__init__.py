"""What is deployed: the zip of all functions, and the list of its components."""
