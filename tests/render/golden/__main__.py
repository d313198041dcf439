"""Renew the golden files: PYTHONPATH=tests/render .venv/bin/python -m golden"""

from golden.files import FILES, FOLDER

for name, made in FILES.items():
    (FOLDER / name).write_text(made(), encoding="utf-8")
