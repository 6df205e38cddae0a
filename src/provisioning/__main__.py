"""`python -m provisioning` is the command `provisioning`."""

from provisioning.cli import main

main()
