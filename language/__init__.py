"""From words to actions and back, in English, Urdu and Roman Urdu (pure: no clock, no network)."""
