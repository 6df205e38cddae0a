"""Small local HTTP servers that speak the real shapes of services which have no emulator."""
