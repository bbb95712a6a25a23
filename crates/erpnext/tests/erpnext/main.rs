//! The connector against a small site in memory and against recorded exchanges.

mod examining;
mod faults;
mod posting;
mod provisioning;
mod pulling;
mod recorded;
mod selling;
mod site;
