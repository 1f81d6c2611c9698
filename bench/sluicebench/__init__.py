"""Measures Sluice beside nginx and HAProxy: the driver of bench/streamload.c. See ../README.md."""
