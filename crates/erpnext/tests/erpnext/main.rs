//! The connector against a small site in memory and against recorded exchanges.

mod pulling;
mod site;
