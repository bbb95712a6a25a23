//! Serves the terminals: the app, their catalogues, their journals.
