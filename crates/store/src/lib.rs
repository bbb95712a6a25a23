//! Keeps the hub's state so that a kill at any instant loses nothing acknowledged.
