"""What live probes cost a service that answers others meanwhile: `run.py --live`."""
