"""The repairs, one file each (see core/importer/repair.py)."""
