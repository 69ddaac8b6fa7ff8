"""Import of a study: from CDISC ADaM files of any usual format to checked Parquet, by stated rules.

    from data.ingest import ingest
    report = ingest(Path("delivery.zip"), root=STUDIES)

`python -m data.ingest SOURCE` does the same on the command line. docs/ingest.md explains the rules.
"""

from data.ingest.report import Counts, Decision, Issue, Rejected, Report, SourceFile
from data.ingest.run import ingest

__all__ = ["Counts", "Decision", "Issue", "Rejected", "Report", "SourceFile", "ingest"]
