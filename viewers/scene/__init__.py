"""View state: what is shown and how, without Qt. Neither saved nor undone."""
