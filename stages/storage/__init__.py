"""What lies on disk, whole or not at all, and is checked when read. The ground: it imports no other room."""
