"""How each kind of object is taken apart and put together again; one file for each family."""
