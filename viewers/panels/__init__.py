"""The widgets beside the pictures: they show view records and tell what a reader wishes."""
