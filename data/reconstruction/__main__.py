"""`python -m data.reconstruction [--out DIR]`: simulate the embedded study and write its files."""

import argparse
from pathlib import Path

from data.reconstruction.build import tables
from data.reconstruction.study import STUDYID
from data.reconstruction.writing import write

STUDY = Path(__file__).parents[1] / "studies" / STUDYID


def main() -> None:
    """Write the five Parquet files, and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m data.reconstruction", description=__doc__)
    parser.add_argument("--out", type=Path, default=STUDY, help="folder to write into")
    folder = parser.parse_args().out
    made = tables()
    for path in write(made, folder):
        print(f"{path.name}: {made[path.stem.upper()].num_rows} rows")


if __name__ == "__main__":
    main()
