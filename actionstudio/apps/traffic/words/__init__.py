"""Words in the log: how texts are cut into words, and the index of them that a background job keeps.

``feeding.forget(ids)`` is for whoever deletes or changes calls.
"""
