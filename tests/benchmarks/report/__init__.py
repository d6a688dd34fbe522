"""What a run has measured, drawn: a printed table, Markdown for the README, two charts. All from the JSON file's contents."""
