"""Makes the artefact that `model` loads: reading, splitting, fitting, measuring, reporting."""
