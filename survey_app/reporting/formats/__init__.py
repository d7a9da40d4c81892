"""How does a report look as text, JSON, CSV and as a workbook?"""
