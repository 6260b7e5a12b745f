"""The release, read by the build, the artefact and the API."""

__version__ = "0.1.0"
