//! Decides what happens at the counter, without a screen, a disk or a network.
