//! Computes what ERPNext books for a POS Invoice, to the last cent.
