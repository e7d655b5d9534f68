"""x"""

from carbonledger.book.stated_year import StatedYear


class IndexedYear(StatedYear):
    """x"""
