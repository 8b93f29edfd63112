"""The diagnoses: one file each. Its name is its code, its function says what is looked for and why."""
