//! The browser app: views over the counter, and adapters to what a browser offers.
