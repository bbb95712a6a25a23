//! What the edge of the screen says, whichever screen is shown.

/// How something looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    #[default]
    Good,
    /// Worth knowing.
    Note,
    /// Needs somebody.
    Bad,
}

/// The status light.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Light {
    /// How it looks.
    pub tone: Tone,
    /// What it says: `Everything is with the hub.`, `3 sales wait since 14:05.`
    pub text: String,
}

/// The status bar and the notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusView {
    /// The shop.
    pub shop: String,
    /// This terminal.
    pub terminal: String,
    /// Who is signed in.
    pub employee: Option<String>,
    /// `14:05`.
    pub time: String,
    /// Where the sales are.
    pub light: Light,
    /// What the cashier should know; most urgent first.
    pub notices: Vec<NoticeView>,
    /// Whether a new build is ready.
    pub has_update: bool,
    /// Whether the new build may be taken now without getting in the way.
    pub is_quiet: bool,
    /// Whether today's list can be shown and the shift closed.
    pub is_selling: bool,
}

/// Something the cashier should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeView {
    /// The id to dismiss it by; `None` if it stays as long as it is true.
    pub id: Option<u32>,
    /// How it looks.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}
