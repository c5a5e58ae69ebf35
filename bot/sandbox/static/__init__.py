"""The chat page's own files, served as they are; a package so that they are installed with the rest."""
