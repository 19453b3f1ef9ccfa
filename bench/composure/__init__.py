"""Does a service keep its composure? Workloads that press a peer, and what became of it.

`wobble.py`: heavy routes beside a probe and light routes; `readers.py`: long answers and slow
readers; `overload.py`: five times what can be done; `termination.py`: the end under load;
`articles.py`: the programs of the articles that complain. `plan.py` speaks to the load generator,
`targets.py` judges, `report.py` tells, `plot.py` draws, `session.py` runs them all.
"""
