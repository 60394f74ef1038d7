"""Which customers will order again, how often and for how much: from the days of their orders.

``histories`` says what of a customer's past counts, ``rhythm`` is one idea of how customers order
and stop, ``several`` weighs such ideas by what they would have foreseen, ``spend`` is what an order
of a customer is worth. All of it works on arrays of many customers at once.
"""
