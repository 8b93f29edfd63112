"""The rules: one file a rule. Its name is its code, its docstring is what users read.

``source`` names the row of docs/chatgpt-rules.md that says where the rule comes from.
"""
