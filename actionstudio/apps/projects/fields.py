"""A JSON column that keeps what was written: PostgreSQL's jsonb would sort the keys, and people chose their order."""

from django.db import models


class KeptJSON(models.JSONField):
    """JSONField, but ``json`` instead of ``jsonb`` on PostgreSQL: keys stay in order, numbers as they were typed."""

    def db_type(self, connection):
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value, connection, prepared=False):
        ready = super().get_db_prep_value(value, connection, prepared)
        if connection.vendor == "postgresql" and type(ready).__name__ == "Jsonb":
            from psycopg.types.json import Json

            return Json(ready.obj, dumps=ready.dumps)
        return ready

    def from_db_value(self, value, expression, connection):
        if connection.vendor == "postgresql":
            return value  # psycopg has read it already
        return super().from_db_value(value, expression, connection)
