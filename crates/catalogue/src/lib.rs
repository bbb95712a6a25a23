//! Holds everything a terminal needs in order to sell, compact and searchable.
