"""Reports as files: CSV and XLSX, written row by row."""

from reports.files.csv import csv_parts, write_csv
from reports.files.xlsx import TooManyRowsError, write_xlsx

__all__ = ["TooManyRowsError", "csv_parts", "write_csv", "write_xlsx"]
