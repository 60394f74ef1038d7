"""Who is the same person, told from what two records say (Fellegi and Sunter 1969).

``people`` is what is known of each; ``blocks`` says who is worth comparing; ``evidence`` compares
two; ``weights`` says what an agreement is worth and ``learning`` learns it from the list itself;
``groups`` makes persons of pairs; ``finding`` does all of it.
"""
