//! Replays a real ERPNext's own results against the engine.
