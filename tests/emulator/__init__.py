"""Tests of the emulator, one file per module."""
