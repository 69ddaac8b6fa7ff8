"""How data come in and where they rest: the contract, the studies and the reconstruction script."""
