//! Runs terminals, hubs and an ERPNext under faults, the same way every time.
