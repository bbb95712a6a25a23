//! The engine through its public door.

mod anything;
mod counter;
mod properties;
mod returns;
mod rules;
mod shop;
mod vectors;
