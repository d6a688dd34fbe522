"""Tests: every expected number comes from outside the code under test."""
