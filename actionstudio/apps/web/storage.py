"""Static files under hashed names, ES module imports rewritten too, so that they may be cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticStorage(CompressedManifestStaticFilesStorage):
    """Also renames what ``import … from './x.js'`` and ``import('./x.js')`` name."""

    support_js_module_import_aggregation = True
