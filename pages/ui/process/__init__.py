"""What the process of all cases has to show: that the history is whole, and who sees what."""
