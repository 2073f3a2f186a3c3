"""How nights went and how things stand: runs, metrics, alarms, the operator's first screen, logs."""
