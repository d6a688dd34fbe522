"""The facts, words and page of each finding; no detection here (that is in the rules and in checks/)."""
