//! Makes a believable shop out of nothing, the same one every time.
