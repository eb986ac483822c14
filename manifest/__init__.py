"""The Teams app package: manifest template, icons and the build that joins them."""
