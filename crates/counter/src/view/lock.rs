//! The lock screen, as it is shown.

/// Who signs in, and the PIN pad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockView {
    /// The shop.
    pub shop: String,
    /// This terminal.
    pub terminal: String,
    /// Who may sign in.
    pub employees: Vec<EmployeeView>,
    /// Who was chosen.
    pub chosen: Option<EmployeeView>,
    /// How many digits were typed.
    pub digits: usize,
    /// Whether a PIN is being tried.
    pub is_busy: bool,
    /// Whether digits are taken now.
    pub is_open: bool,
    /// What went wrong, or how long to wait.
    pub message: Option<String>,
    /// What waits behind the lock: `A cart with 3 lines is kept.`
    pub kept: Option<String>,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmployeeView {
    /// The key to choose them by.
    pub employee: String,
    /// Their name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
}
