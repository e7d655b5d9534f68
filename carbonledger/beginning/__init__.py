"""Beginning: from an empty folder to a book, with the editions that fit proposed and the reason for each.

Belongs here: what a company uses in its own words, the proposals of editions by use, region and year, the answers that a book
    needs, and the files of a new book.
Does not belong here: reading a book (`book`), and what is asked at a terminal (`cli`).
Imports from: core, tables, factors, activity_data, inventory, estimates, scope2, disclosure, comparison, scenarios, published,
    reconstruction, audit, reporting, book.
"""
