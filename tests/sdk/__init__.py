"""The official SDKs, unmodified, as clients of a real emulator process."""
