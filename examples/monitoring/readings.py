"""Writes the readings of this example anew: constructed, from a seed, nothing measured. ``python examples/monitoring/readings.py``."""

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent / "meters"
BEGIN, END = "2024-04-01", "2025-06-15 18:00"


def hours() -> pd.DatetimeIndex:
    """The beginnings of all hours."""
    return pd.date_range(BEGIN, END, freq="h", inclusive="left")


def load(moments: pd.DatetimeIndex, base: float, work: float, rng: np.random.Generator) -> np.ndarray:
    """A plant that works from 7 to 19 h on weekdays [kWh an hour]."""
    at_work = (moments.day_of_week < 5) & (moments.hour >= 7) & (moments.hour < 19)
    growth = np.where(moments < "2025-01-01", 1.0, 0.93)
    return (base + work * at_work) * growth * rng.normal(1.0, 0.04, len(moments))


def sun(moments: pd.DatetimeIndex, peak: float, rng: np.random.Generator) -> np.ndarray:
    """A roof under a sky that differs from day to day [kWh an hour]."""
    height = np.clip(np.sin((moments.hour + 0.5 - 6) / 12 * np.pi), 0, None)
    season = 0.75 - 0.25 * np.cos((moments.day_of_year - 172) / 365 * 2 * np.pi + np.pi)
    sky = pd.Series(rng.uniform(0.35, 1.0, len(moments)), moments).groupby(moments.normalize()).transform("first")
    return peak * height * season * sky.to_numpy()


def main() -> None:
    """Write one file of Parquet for each meter."""
    rng = np.random.default_rng(20)
    moments = hours()
    meters = {
        "main": ("North hall", "electricity.grid", load(moments, 22.0, 95.0, rng)),
        "workshop": ("Workshop", "electricity.grid", load(moments, 9.0, 31.0, rng)),
        "roof": ("North hall", "electricity.solar", sun(moments, 60.0, rng)),
        "carport": ("Workshop", "electricity.solar", sun(moments, 18.0, rng)),
    }
    FOLDER.mkdir(exist_ok=True)
    for name, (site, activity, kwh) in meters.items():
        frame = pd.DataFrame(
            {"site": site, "source": name, "activity": activity, "start": moments, "amount": kwh.round()}
        )
        # An air compressor left running over a night; a gap of five hours; a roof that stood still; a meter that fell silent.
        if name == "main":
            night = (frame["start"] >= "2025-06-11 19:00") & (frame["start"] < "2025-06-12 07:00")
            frame.loc[night, "amount"] = (frame.loc[night, "amount"] + 48.0).round()
        if name == "workshop":
            gap = (frame["start"] >= "2025-06-05 09:00") & (frame["start"] < "2025-06-05 14:00")
            frame = frame[~gap & (frame["start"] < "2025-06-14 03:00")]
        if name == "roof":
            frame.loc[frame["start"].dt.normalize() == "2025-06-10", "amount"] = 0.0
        small = {
            "use_dictionary": ["site", "source", "activity", "amount"],
            "column_encoding": {"start": "DELTA_BINARY_PACKED"},
        }
        frame.astype({"amount": "int32"}).to_parquet(
            FOLDER / f"{name}.parquet", index=False, compression="zstd", **small
        )


if __name__ == "__main__":
    main()
