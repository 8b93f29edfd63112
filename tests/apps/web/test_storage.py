"""Static files are packed once, when the studio starts for the first time: nobody waits for more than that needs."""

from pathlib import Path

from actionstudio.apps.web.storage import ModuleStaticStorage


def test_files_are_packed_with_gzip_alone(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("a { color: red } " * 500)
    made = ModuleStaticStorage(location=str(tmp_path)).create_compressor(quiet=True).compress(str(sheet))
    assert [Path(path).name for path in made] == ["a.css.gz"]
