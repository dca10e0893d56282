#!/usr/bin/env bash
# Folders and volumes on a Spark cluster (4.1, Java 17 or newer), by spark-submit. In a clone of the repository, first
#     mvn -Pspark -DskipTests package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/spark/cluster
# then, with whatever options of spark-submit the cluster needs in SUBMIT,
#     SUBMIT="--master spark://head:7077 --executor-cores 16 --executor-memory 24g" \
#         src/examples/deblur-on-spark.sh deblur-folder --images=/blurry --out=/results
#     src/examples/deblur-on-spark.sh deblur-volume --volume=/data/cells.zarr --out=/data/deblurred.zarr --kernels=channel
# All machines must see the folders by these names. The same line again does what is left, after whatever has stopped it.
set -eu
jars=$(echo target/spark/cluster/*.jar | tr ' ' ',')
# shellcheck disable=SC2086 # options are words
exec spark-submit ${SUBMIT:-} --class io.github.learningtodeblur.cluster.ClusterMain --jars "$jars" \
	--conf spark.driver.extraJavaOptions=--add-modules=jdk.incubator.vector \
	--conf spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector \
	target/spark/Learning_to_Deblur-*-SNAPSHOT.jar "$@"
