"""The vocabulary of the standard as frozen values: no I/O, no clock, standard library only."""
