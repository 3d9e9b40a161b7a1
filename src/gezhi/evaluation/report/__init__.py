"""Reports: what was measured, as one HTML file that needs nothing else, in Chinese or English, and as JUnit XML.

`content` says what a report is made of, `page` writes it as HTML; `exams`, `comparisons` and `gates` put reports
together from plain `values`; `figures` draws. Nothing is computed here but counts: numbers come with their intervals.
"""
