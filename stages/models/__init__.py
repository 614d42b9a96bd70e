"""The results of training, and what follows from them: records, scores, metrics. Nothing is trained or drawn here."""
