"""What training leaves, and what follows from it: model files, scores, metrics. Nothing is trained or drawn here."""
