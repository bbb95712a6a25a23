//! Keeps journals whole and moves them: what may never be lost, doubled or altered.
