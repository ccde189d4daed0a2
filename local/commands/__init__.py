"""The commands that the shop adds to those of the local cloud, a module each."""
