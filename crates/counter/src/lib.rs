//! Decides what happens at the counter, without a screen, a disk or a network.
//!
//! Everything here is a value or a pure function of values: the basket and what a cashier does to it, what a burst of key
//! presses means, what the journal says about shift and sales, what can be given back, who may do what, which notes a customer might
//! hand over, how long to wait after a wrong PIN, and every sentence on the screen.

pub mod basket;
pub mod book;
pub mod booked;
pub mod desk;
pub mod local;
pub mod people;
pub mod pin;
pub mod popular;
pub mod printing;
pub mod quick_cash;
pub mod report;
pub mod returning;
pub mod rights;
pub mod sale;
pub mod scan;
pub mod summary;
pub mod ticket;
pub mod words;

pub use basket::Basket;
pub use book::Book;
pub use desk::Desk;
pub use rights::Right;
pub use ticket::Ticket;
