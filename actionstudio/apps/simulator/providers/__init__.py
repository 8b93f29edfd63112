"""Who answers as the model: one file a protocol, and the scripted one; the table stands in ``table``."""
