"""Ours against what is installed of the big frameworks, in one interleaved run: `python -m tests.benchmarks`.

What is measured, as data: models.py (nets), rows.py (nets, tasks and batches), counts.py (operations and bytes).
Who measures up: cases.py (what a contender is given and gives back), ours.py, peers/ (one framework a file).
How: run.py (a whole run), measure.py (compare, then time), timing.py (turns), peak.py (the machine's limits), start.py and
first_prediction.py (fresh processes), process.py, worker.py and messages.py (one process for each number of threads).
What comes out: report/ (table, Markdown, charts), from the JSON file alone.

A new row is a line in rows.py, a new framework a file in peers/ and a line in peers/__init__.py.
"""
