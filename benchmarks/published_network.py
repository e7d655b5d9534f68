"""The network of published figures: seconds for 1,000 and 5,000 figures, how they grow, and chains that contradict themselves."""

import math
import time
from decimal import Decimal

from carbonledger import parse_figure
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.network import propagate
from carbonledger.published.relations import Relation

__all__ = ["ALL", "contradicting_chain", "publication_of"]

# Figures and relations of one block of a publication.
_BLOCK = 5
# What n log n allows for, and some noise of the machine.
_WORST_EXPONENT = 1.2


def _figure(name, text, unit="t", rounding="half_up"):
    """A printed figure."""
    return PublishedFigure(name, 2024, name, name, parse_figure(text, rounding), unit, "", "")


def _relation(name, kind, **members):
    """A relation titled by its name."""
    return Relation(name, kind, name, name, members)


def publication_of(size):
    """Consistent figures, and as many relations: each block has three parts, their total, a share and the change against the last block."""
    figures, relations = {}, []
    for block in range(size // _BLOCK):
        parts = [Decimal(1000 + (37 * block + 911 * place) % 4000) / 7 for place in range(3)]
        total = sum(parts)
        names = [f"part.{block}.{place}" for place in range(3)]
        own, share = f"total.{block}", f"share.{block}"
        figures |= {name: _figure(name, f"{part:.2f}") for name, part in zip(names, parts, strict=True)}
        figures[own] = _figure(own, f"{total:.2f}")
        figures[share] = _figure(share, f"{parts[0] / total * 100:.1f} %", "percent")
        again = f"again.{block}"
        figures[again] = figures[own]
        relations.append(_relation(f"sum.{block}", "sum", total=own, parts=names))
        relations.append(_relation(share, "share", result=share, part=names[0], whole=own))
        relations.append(_relation(again, "same", figures=[own, again]))
        if block:
            change = f"?change.{block}"
            members = {"change": change, "current": own, "previous": f"total.{block - 1}"}
            relations.append(_relation(f"change.{block}", "percent_change", **members))
            fall = f"?fall.{block}"
            members = {"result": fall, "minuend": f"total.{block - 1}", "subtrahend": own}
            relations.append(_relation(f"fall.{block}", "difference", **members))
    return figures, relations


def contradicting_chain(size, form):
    """A chain of figures each of which follows from the one before; the last contradicts the first, and no shorter part of it does.

    ``unknown``: only the ends are printed. ``loose``: all are, so coarsely that only the whole chain is impossible.
    """
    figures = {"step": _figure("step", "0.01", rounding="exact")}
    relations = []
    names = [f"x{place}" for place in range(size)]
    for place, name in enumerate(names):
        text = f"{100 + (1 if place == size - 1 else 0)}.0"
        if form == "loose":
            figures[name] = _figure(name, "about 100" if 0 < place < size - 1 else text)
        elif place in {0, size - 1}:
            figures[name] = _figure(name, text)
    shown = [name if name in figures else f"?{name}" for name in names]
    for place in range(1, size):
        members = {"result": "step", "minuend": shown[place], "subtrahend": shown[place - 1]}
        relations.append(_relation(f"link.{place}", "difference", **members))
    return figures, relations


def _seconds(figures, relations):
    """The least processor time of three propagations, which other processes disturb least, and what the last one found."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        network = propagate(figures, relations)
        seconds.append(time.process_time() - start)
    return min(seconds), network


def growth():
    """1,000 figures and relations in 2 s, 5,000 in 15 s, growing as n log n."""
    propagate(*publication_of(100))
    seconds = {}
    for size, limit in ((1000, 2.0), (5000, 15.0)):
        figures, relations = publication_of(size)
        seconds[size], network = _seconds(figures, relations)
        met = seconds[size] <= limit and not network.clashes
        what = f"network of {len(figures)} figures and {len(relations)} relations"
        print(f"{'ok  ' if met else 'MISS'} {what}: {seconds[size]:.2f} s (goal {limit:g})")
        yield met
    exponent = math.log(seconds[5000] / seconds[1000]) / math.log(5)
    met = exponent <= _WORST_EXPONENT
    print(f"{'ok  ' if met else 'MISS'} growth exponent: {exponent:.2f} (goal {_WORST_EXPONENT})")
    yield met


def chains():
    """A chain of 400 figures that contradicts itself as a whole in 2 s, and its smallest set is the chain."""
    for form in ("unknown", "loose"):
        seconds, network = _seconds(*contradicting_chain(400, form))
        smallest = [len(clash.relations) for clash in network.clashes]
        met = seconds <= 2 and len(smallest) == 1
        print(
            f"{'ok  ' if met else 'MISS'} contradicting chain of 400 figures, {form}: {seconds:.2f} s (goal 2), {smallest}"
        )
        yield met


ALL = (growth, chains)
