"""What is measured, and against what: ratios of one run on one machine. `make bench` prints them; see RESULTS.md."""
