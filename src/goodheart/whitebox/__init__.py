"""The model in this process: the only room that imports torch and transformers.

`local_model.LocalModel` is the door. Below it `worker` owns the model, `plan` chooses what runs together, `forward`
runs it; `packing` and `attention` lay a tree of tokens into one pass, `cuts` and `blocks` remember beginnings, `rows`
keeps results exact, `selfcheck` makes sure of it.
"""

import os

# Threads of a matrix product that wait for each other by spinning stand still for whole time slices where anything else
# wants the processor, as Inspect's own thread always does: measured three to five times slower on two busy cores. It
# has to be said before torch is loaded; whoever set it already is right.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
