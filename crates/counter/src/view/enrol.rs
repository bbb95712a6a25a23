//! Enrolment and the first download, as they are shown.

/// Enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolView {
    /// Who authorises it.
    Credentials(CredentialsView),
    /// What this terminal is.
    Choose(ChooseView),
}

/// Asks for account and password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CredentialsView {
    /// What was typed before.
    pub account: String,
    /// Whether the hub is being asked.
    pub is_busy: bool,
    /// What went wrong.
    pub message: Option<String>,
}

/// Asks for profile and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChooseView {
    /// The shop.
    pub shop: String,
    /// What may be picked.
    pub profiles: Vec<ProfileView>,
    /// A name to start from.
    pub suggested_name: String,
    /// Whether it is under way.
    pub is_busy: bool,
    /// What went wrong.
    pub message: Option<String>,
}

/// A POS Profile to pick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// Company, warehouse and currency in one line.
    pub detail: String,
}

/// The catalogue on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadingView {
    /// What is happening.
    pub title: String,
    /// `12 of 40 parts, 1.2 of 4.0 MB`.
    pub detail: String,
    /// How far, from 0 to 1000; `None` while nobody knows.
    pub permille: Option<u16>,
    /// What went wrong; it is tried again by itself.
    pub message: Option<String>,
}
