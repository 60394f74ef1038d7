"""Which customers will order again, how often and for how much: from the days of their orders.

``histories`` says what of a customer's past counts, ``rhythm`` is one idea of how customers order
and stop, ``several`` weighs such ideas by what they would have foreseen, ``spend`` is what an order
of a customer is worth. All of it works on arrays of many customers at once.
"""

import os

# The tables are so small that several threads of the linear algebra would mostly wait for each
# other, and take the time of whoever is served meanwhile. It is read when numpy comes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
