"""The engines that the measures are tried on."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from pupitre.moteur.moteurs.duckdb import partagee

# One partition per executor: what is sent between them is small, and each still has its share.
_SPARK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.files.openCostInBytes": "0",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
MAITRES = {"spark": "local[2]", "grappe": "local-cluster[2,1,1024]"}
SPARKS = [pytest.param(nom, marks=pytest.mark.spark) for nom in MAITRES] if find_spec("pyspark") else []


@pytest.fixture(scope="session", params=["duckdb", *SPARKS])
def moteur(request):
    """DuckDB; where pyspark is installed, also Spark in this process and Spark with two executors."""
    if request.param == "duckdb":
        yield partagee()
        return
    from pupitre.moteur.moteurs.spark import Spark

    spark = Spark({**_SPARK, "spark.master": MAITRES[request.param]})
    spark.session().sparkContext.setLogLevel("ERROR")
    yield spark
    spark.fermer()
