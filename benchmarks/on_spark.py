"""Readings in a file to energy and emissions on one machine's Spark, against joins and sums written by hand."""

import os
import tempfile
import warnings

import carbonledger as cl
from benchmarks.bulk import AR5, FUELS, KEY, KEYS, REPEATS, ROWS, plan_of, written
from benchmarks.timing import line, median_pair

MEMORY = os.environ.get("BENCHMARK_SPARK_MEMORY", "4g")


def session():
    """A local session as `docs/howto/spark.md` starts it, on all processors."""
    from pyspark.sql import SparkSession

    warnings.simplefilter("ignore")  # PySpark itself warns about the newest pandas
    named = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": MEMORY}
    builder = SparkSession.builder.master("local[*]").config(map={**named, "spark.sql.session.timeZone": "UTC"})
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def with_spark(path, _=""):
    """A view: ours, and the SQL by hand, both after Java has compiled what it runs often."""
    spark, factors = session(), cl.load_factors(FUELS)
    spark.read.parquet(str(path)).createOrReplaceTempView("readings")
    rates = spark.createDataFrame(plan_of(path)).cache()
    rates.count()
    rates.createOrReplaceTempView("rates")
    sql = """SELECT /*+ BROADCAST(rates) */ entity, activity, year(start) * 100 + month(start) AS m,
            sum(amount * gj) AS gj, sum(amount * tonnes) AS tonnes
        FROM readings JOIN rates USING (activity, unit, region, year) GROUP BY ALL"""

    def ours():
        return cl.calculate(spark.read.parquet(str(path)), factors, gwp=AR5).view("entity", "scope", "month")

    def by_hand():
        return spark.sql(sql).toPandas()

    for work in (ours, by_hand):
        work()
    return ours, by_hand


def lines_with_spark(path):
    """Each row with its figures, not written: ours, and the SQL by hand."""
    spark, factors = session(), cl.load_factors(FUELS)
    frame = spark.read.parquet(str(path))
    frame.createOrReplaceTempView("readings")
    lines = cl.calculate(frame, factors, gwp=AR5).lines
    given = ["plan_id", "scope", "category", "energy_gj", "co2_t", "emissions_tco2e", "match", "factor_ids"]
    per_unit = cl.calculate(plan_of(path).assign(amount=1.0), factors, gwp=AR5).lines[[*KEY, *given]]
    spark.createDataFrame(per_unit).createOrReplaceTempView("coefficients")
    measured = {"energy_gj", "co2_t", "emissions_tco2e"}
    figures = ", ".join(f"amount * {name} AS {name}" if name in measured else name for name in given)
    query = f"SELECT /*+ BROADCAST(coefficients) */ readings.*, {figures} FROM readings JOIN coefficients USING ({', '.join(KEY)})"

    def read(rows):
        rows.write.format("noop").mode("overwrite").save()

    return lambda: read(lines), lambda: read(spark.sql(query))


def on_spark():
    """Both cases on one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder)
        named = {"a view": with_spark, "each row with its figures": lines_with_spark}
        for what, case in named.items():
            text = f"{ROWS:,} rows, {KEYS:,} keys on Spark, {what} / the SQL by hand"
            yield line(text, *median_pair(*case(path), REPEATS), 1.3)
        session().stop()


ALL = (on_spark,)
