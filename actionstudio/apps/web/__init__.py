"""Page kit: htmx answers, forms, template tags. Knows no model."""
