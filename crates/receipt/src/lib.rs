//! Turns a finished sale into something to hand over.
