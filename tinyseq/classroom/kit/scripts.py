"""The scripts of a kit: short ones for each shell that find Python and hand over to install.py, which does the work."""

INSTALL_PY = '''"""Installs this kit into the folder venv beside it, without network: python install.py"""
import os, subprocess, sys, venv
from pathlib import Path

HERE, WANTED = Path(__file__).resolve().parent, ({major}, {minor})
if sys.version_info[:2] != WANTED:
    this = "%d.%d" % sys.version_info[:2]
    sys.exit("This kit is for Python {major}.{minor}, not " + this + ": install that one from the folder python, then run this again.")
folder = HERE / "venv"
print("installing into", folder)
venv.create(folder, with_pip=True, clear=True)
python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--find-links", str(HERE / "wheels")]
subprocess.run([*pip, "tinyseq[tutorials]", "jupyterlab"], check=True)
subprocess.run([str(python), "-m", "tinyseq", "doctor"], check=True)
print("done: start it with", "start.cmd" if os.name == "nt" else "sh start.sh")
'''
INSTALL_SH = """#!/bin/sh
# Finds Python {major}.{minor} and hands over to install.py.
cd "$(dirname "$0")" || exit 1
for python in python{major}.{minor} python3 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != ({major}, {minor}))' 2> /dev/null; then
    exec "$python" install.py
  fi
done
echo "Python {major}.{minor} was not found: install it, for example from the folder python, and run this again." >&2
exit 1
"""
INSTALL_CMD = """@echo off
rem Finds Python {major}.{minor} and hands over to install.py.
cd /d "%~dp0"
py -{major}.{minor} -c "" >nul 2>nul && (py -{major}.{minor} install.py & exit /b)
python -c "import sys; sys.exit(sys.version_info[:2] != ({major}, {minor}))" >nul 2>nul && (python install.py & exit /b)
for %%f in (python\\python-{major}.{minor}*.exe) do (
  start /wait "" "%%f" InstallAllUsers=0 Include_launcher=1 & py -{major}.{minor} install.py & exit /b
)
echo Python {major}.{minor} was not found: put its installer into the folder python and run this again.
exit /b 1
"""
INSTALL_PS1 = """# Finds Python {major}.{minor} and hands over to install.py.
Set-Location -LiteralPath $PSScriptRoot
& py -{major}.{minor} -c "" 2>$null
if ($LASTEXITCODE -eq 0) {{ & py -{major}.{minor} install.py; exit $LASTEXITCODE }}
& python -c "import sys; sys.exit(sys.version_info[:2] != ({major}, {minor}))" 2>$null
if ($LASTEXITCODE -eq 0) {{ & python install.py; exit $LASTEXITCODE }}
Write-Host "Python {major}.{minor} was not found: run install.cmd, or install it from the folder python and run this again."
exit 1
"""
START_SH = """#!/bin/sh
cd "$(dirname "$0")" && exec venv/bin/python -m jupyter lab lessons
"""
START_CMD = """@echo off
cd /d "%~dp0"
venv\\Scripts\\python.exe -m jupyter lab lessons
"""
PYTHON_README = """Put the installer of Python {major}.{minor} here, if the laptops have none: from python.org/downloads,
for Windows python-{major}.{minor}.x-amd64.exe, for macOS python-{major}.{minor}.x-macos11.pkg. install.cmd starts it by itself.
"""
README = """tinyseq for a class, without network ({platform}, Python {major}.{minor})

install   Windows: double-click install.cmd (or: powershell -ExecutionPolicy Bypass -File install.ps1)
          macOS, Linux: sh install.sh
start     Windows: start.cmd      macOS, Linux: sh start.sh
check     venv: python -m tinyseq doctor

wheels/          everything that is installed, {count} files; nothing is loaded from a network
lessons/         the lessons in English and Hindi
python/          a place for Python's installer
shapecheck.pyz   the checker alone: python shapecheck.pyz FILE
"""
FILES = {
    "install.py": INSTALL_PY, "install.sh": INSTALL_SH, "install.cmd": INSTALL_CMD, "install.ps1": INSTALL_PS1, "start.sh": START_SH,
    "start.cmd": START_CMD, "python/README.txt": PYTHON_README, "README.txt": README,
}  # fmt: skip
"""Name in the kit -> text with the places {major}, {minor}, {platform} and {count}."""
WINDOWS = (".cmd", ".ps1")
"""Endings of files whose lines end as on Windows."""
