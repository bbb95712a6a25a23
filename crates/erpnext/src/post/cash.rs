//! Journal Entry for cash that was put into or taken out of the drawer, where the POS Profile names an account for it.

use super::{
    Job, document,
    once::{End, Once},
    refusal, refused,
};
use crate::{
    conversation::{Conversation, Step},
    heard::Heard,
    json::{rows, text},
    request::Request,
};
use holdfast_sync::{
    Body,
    body::CashMoved,
    posting::{Outcome, RefusalKind},
};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub(super) struct CashPost {
    id: String,
    is_first: bool,
    as_draft: bool,
    date: String,
    moved: CashMoved,
    /// POS Profile and company; nothing where the shift's opening is not known.
    shift: Option<(String, String)>,
    other_account: String,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    ReadingProfile,
    ReadingMode,
    Making(Box<Once>),
}

impl CashPost {
    pub(super) fn new(job: &Job, moved: &CashMoved) -> Self {
        let opened = job.shift.iter().find_map(|(entry, _)| match &entry.body {
            Body::ShiftOpened(opened) => Some((opened.pos_profile.clone(), opened.company.clone())),
            _ => None,
        });
        Self {
            id: job.id().to_string(),
            is_first: job.is_first,
            as_draft: job.amendments().as_draft,
            date: job.site.zone().stamp(job.made_at_ms()).date_text(),
            moved: moved.clone(),
            shift: opened,
            other_account: moved.account.clone(),
            at: At::Start,
        }
    }

    fn begin(&mut self) -> Step<Outcome> {
        let Some((profile, _)) = &self.shift else {
            return Step::Done(refused(RefusalKind::Opening, "The shift of this cash movement is not known."));
        };
        self.at = At::ReadingProfile;
        Step::Ask(Request::document("POS Profile", profile))
    }

    fn take(&mut self, data: &Value) -> Step<Outcome> {
        let company = self.shift.as_ref().map_or("", |(_, company)| company);
        if matches!(self.at, At::ReadingProfile) {
            let profile_account = text(&data["holdfast_cash_account"]);
            if self.other_account.is_empty() {
                self.other_account = profile_account;
            }
            if self.other_account.is_empty() {
                // The profile wants nothing booked: the closing shows the movement.
                return Step::Done(Outcome::Booked { documents: Vec::new(), differences: Vec::new() });
            }
            self.at = At::ReadingMode;
            return Step::Ask(Request::document("Mode of Payment", &self.moved.mode_of_payment));
        }
        let account = rows(&data["accounts"]).iter().find(|row| row["company"] == company);
        let Some(account) = account.map(|row| text(&row["default_account"])) else {
            let message = format!("Mode of Payment {} has no account for {company}.", self.moved.mode_of_payment);
            return Step::Done(refused(RefusalKind::Limit, message));
        };
        let body = self.body(company, &account);
        let mut once = Once::new("Journal Entry", self.id.clone(), body, self.as_draft, self.is_first);
        let step = once.next(None);
        self.at = At::Making(Box::new(once));
        pass(step)
    }

    fn body(&self, company: &str, cash_account: &str) -> Value {
        let amount = self.moved.amount.abs();
        let row = |account: &str, is_debit: bool| {
            let (debit, credit) = if is_debit { (amount, 0.0) } else { (0.0, amount) };
            json!({ "account": account, "debit_in_account_currency": debit, "credit_in_account_currency": credit })
        };
        let comes_in = self.moved.amount > 0.0;
        json!({
            "voucher_type": "Cash Entry",
            "company": company,
            "posting_date": self.date,
            "user_remark": self.moved.reason,
            "accounts": [row(cash_account, comes_in), row(&self.other_account, !comes_in)],
        })
    }
}

fn pass(step: Step<End>) -> Step<Outcome> {
    match step {
        Step::Ask(request) => Step::Ask(request),
        Step::Wait { ms } => Step::Wait { ms },
        Step::Done(Err(outcome)) => Step::Done(outcome),
        Step::Done(Ok(entry)) => Step::Done(Outcome::Booked {
            documents: vec![document("Journal Entry", &text(&entry["name"]))],
            differences: super::compare::submitted(&entry),
        }),
    }
}

impl Conversation for CashPost {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        match (&mut self.at, heard) {
            (At::Making(once), heard) => pass(once.next(heard)),
            (_, None) => self.begin(),
            (_, Some(heard)) => match heard.data() {
                Ok(data) => self.take(&data),
                Err(trouble) => Step::Done(refusal::outcome(&trouble)),
            },
        }
    }
}
