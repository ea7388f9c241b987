"""The only room that sees SQL: readings, their journal and mask blobs."""
