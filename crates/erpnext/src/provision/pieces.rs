//! The pieces that a site is set up with, each with its sentence.

use super::fields::Field;
use super::{HOOKED, Order, Plan, ROLE, fields::FIELDS, is_for, rights::Right, rights::rights};
use crate::site::Site;

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The role.
    Role,
    /// A custom field.
    Field(Field),
    /// A right of the role.
    Right(Right),
    /// A user has the role.
    User(String),
    /// The OAuth client.
    OauthClient {
        /// Where it sends a browser back to.
        redirect_uri: String,
    },
    /// A webhook.
    Webhook {
        /// The doctype.
        doctype: &'static str,
        /// `on_update` or `on_trash`.
        event: &'static str,
    },
}

/// How a piece is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it is to be.
    Present,
    /// Not there.
    Missing,
    /// There, but not as it is to be; what is wrong about it.
    Different(String),
    /// It can't be, on this site; why.
    Impossible(String),
}

/// A piece and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPiece {
    /// The piece.
    pub piece: Piece,
    /// How it is.
    pub condition: Condition,
}

impl PlannedPiece {
    /// What is to be done.
    pub fn sentence(&self) -> String {
        let sentence = self.piece.sentence();
        match &self.condition {
            Condition::Present => format!("{sentence} Done."),
            Condition::Missing => sentence,
            Condition::Different(what) => format!("{sentence} It is there, but {what}; this is put right."),
            Condition::Impossible(why) => format!("{sentence} This is not possible: {why}"),
        }
    }
}

impl Piece {
    /// What making it does.
    pub fn sentence(&self) -> String {
        match self {
            Self::Role => format!("Make the role \"{ROLE}\"."),
            Self::Field(field) if field.unique => {
                format!("Add the unique field \"{}\" to {}.", field.label, field.doctype)
            }
            Self::Field(field) if field.label.is_empty() => {
                format!("Add a {} to {}.", field.fieldtype.to_lowercase(), field.doctype)
            }
            Self::Field(field) => format!("Add the field \"{}\" to {}.", field.label, field.doctype),
            Self::Right(right) => {
                let what = std::iter::once("read").chain(right.more.iter().copied()).collect::<Vec<_>>().join(", ");
                let level = if right.permlevel == 0 { "" } else { " at permission level 1" };
                format!("Let the role \"{ROLE}\" {what} {}{level}.", right.doctype)
            }
            Self::User(user) => format!("Give the role \"{ROLE}\" to {user}."),
            Self::OauthClient { redirect_uri } => format!("Make an OAuth client that returns to {redirect_uri}."),
            Self::Webhook { doctype, event } => {
                let when = if *event == "on_trash" { "is deleted" } else { "changes" };
                format!("Make a webhook that tells the hub when {doctype} {when}.")
            }
        }
    }

    /// What taking it back does.
    pub fn undo_sentence(&self) -> String {
        match self {
            Self::Role => format!("Delete the role \"{ROLE}\"."),
            Self::Field(field) => {
                let what = if field.label.is_empty() { field.fieldname } else { field.label };
                format!("Remove the field \"{what}\" from {}, with what it holds.", field.doctype)
            }
            Self::Right(right) => format!("Take the rights on {} from the role \"{ROLE}\".", right.doctype),
            Self::User(user) => format!("Take the role \"{ROLE}\" from {user}."),
            Self::OauthClient { .. } => "Delete the OAuth client.".to_owned(),
            Self::Webhook { doctype, event } => format!("Delete the webhook for {doctype} ({event})."),
        }
    }

    /// The name of a webhook.
    pub(super) fn webhook_name(doctype: &str, event: &str) -> String {
        format!("{ROLE} {doctype} {event}")
    }
}

/// Everything that an order takes on a site, in the order in which it is made.
pub(super) fn pieces(site: &Site, order: &Order) -> Vec<Piece> {
    let mut pieces = vec![Piece::Role];
    let is_for = |doctype: &str| is_for(doctype, site.erpnext);
    pieces.extend(FIELDS.iter().filter(|field| is_for(field.doctype)).copied().map(Piece::Field));
    pieces.extend(rights().into_iter().map(Piece::Right));
    pieces.extend(order.users.iter().cloned().map(Piece::User));
    pieces.extend(order.redirect_uri.iter().cloned().map(|redirect_uri| Piece::OauthClient { redirect_uri }));
    if order.webhooks.is_some() {
        for doctype in HOOKED {
            pieces.extend(["on_update", "on_trash"].map(|event| Piece::Webhook { doctype, event }));
        }
    }
    pieces
}

impl Plan {
    /// The pieces that are to be made or changed.
    pub(super) fn open(&self) -> impl Iterator<Item = &PlannedPiece> {
        let is_open =
            |planned: &&PlannedPiece| matches!(planned.condition, Condition::Missing | Condition::Different(_));
        self.pieces.iter().filter(is_open)
    }
}
