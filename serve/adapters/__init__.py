"""Job formats that boards already have, as adverts whose parts are named by their path in the caller's own object."""
