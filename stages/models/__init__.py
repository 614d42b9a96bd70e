"""What training leaves, and what follows from it: records, scores, metrics. Nothing is trained or drawn here."""
