//! POS Opening Entry.

use super::{
    Job, document,
    once::{End, Once},
};
use crate::{
    conversation::{Conversation, Step},
    heard::Heard,
};
use holdfast_sync::{
    body::ShiftOpened,
    posting::{Difference, Outcome},
};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub(super) struct Opening {
    once: Once,
    /// When the shift began, where the books cannot say so.
    began: Option<String>,
}

impl Opening {
    pub(super) fn new(job: &Job, opened: &ShiftOpened) -> Self {
        let zone = job.site.zone();
        let (made, now) = (zone.stamp(job.made_at_ms()), zone.stamp(job.now_ms));
        // Version 16 sells only under an opening entry of the day, so that a late one is dated today; a person sees it.
        let is_late = job.site.opens_daily() && made.date() < now.date();
        let start = if is_late { now } else { made };
        let balance: Vec<Value> = opened
            .opening
            .iter()
            .map(|mode| json!({ "mode_of_payment": mode.mode_of_payment, "opening_amount": mode.amount }))
            .collect();
        let body = json!({
            "pos_profile": opened.pos_profile,
            "company": opened.company,
            "user": job.user,
            "period_start_date": start.to_string(),
            "posting_date": start.date_text(),
            "set_posting_date": 1,
            "balance_details": balance,
        });
        let once = Once::new("POS Opening Entry", job.id().to_string(), body, job.amendments().as_draft, job.is_first);
        Self { once, began: is_late.then(|| made.to_string()) }
    }

    fn outcome(&self, end: End) -> Outcome {
        let opened = match end {
            Ok(opened) => opened,
            Err(outcome) => return outcome,
        };
        let mut differences = super::compare::submitted(&opened);
        if let Some(began) = &self.began {
            let booked = opened["period_start_date"].as_str().unwrap_or_default().to_owned();
            differences.push(Difference { field: "period_start_date".into(), receipt: began.clone(), booked });
        }
        let name = opened["name"].as_str().unwrap_or_default();
        Outcome::Booked { documents: vec![document("POS Opening Entry", name)], differences }
    }
}

impl Conversation for Opening {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        match self.once.next(heard) {
            Step::Ask(request) => Step::Ask(request),
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(end) => Step::Done(self.outcome(end)),
        }
    }
}
