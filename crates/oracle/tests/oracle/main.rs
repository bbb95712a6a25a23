//! Does the engine give `ERPNext`'s answer?

mod replay;
mod scenarios;
