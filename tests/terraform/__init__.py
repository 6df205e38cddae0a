"""The configuration of Google Cloud, held against the code that it carries: read as text, so that every machine can."""
