"""`python -m model.train`: see `model.train.stage`."""

import os

# Threads that wait for one another sleep instead of spinning; read once, when torch is loaded (see model.serve).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from model.train.stage import main  # only now may torch be loaded

main()
