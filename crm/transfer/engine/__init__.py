"""How a file becomes records: read, recognised, checked or written, in batches."""
