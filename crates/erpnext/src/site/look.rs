//! Looking at a site for the first time, or again after an update.

use super::{InvoiceType, Site, Version};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::text,
    request::Request,
};
use serde_json::Value;

/// Asks what the site is. Any user who may sign in may ask all of it.
#[derive(Clone, Debug)]
pub struct Look {
    now_ms: i64,
    site: Site,
    at: At,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Start,
    User,
    Versions,
    TimeZone,
    PosSettings,
}

impl Look {
    /// Begins; `now_ms` is this machine's clock, Unix milliseconds, to compare the site's with.
    pub fn new(now_ms: i64) -> Self {
        Self { now_ms, site: Site::default(), at: At::Start }
    }

    fn ask(&mut self, at: At) -> Step<Result<Site, Trouble>> {
        self.at = at;
        Step::Ask(match at {
            At::Start | At::User => Request::look("frappe.auth.get_logged_user", Vec::new()),
            At::Versions => Request::look("frappe.utils.change_log.get_versions", Vec::new()),
            At::TimeZone => Request::look("frappe.client.get_time_zone", Vec::new()),
            At::PosSettings => Request::document("POS Settings", "POS Settings"),
        })
    }

    fn take(&mut self, heard: &Heard) -> Result<Option<At>, Trouble> {
        if let Heard::Answer(answer) = heard {
            self.site.clock_ahead_ms = answer.date_ms.map_or(0, |date_ms| date_ms - self.now_ms);
        }
        Ok(match self.at {
            At::Start => Some(At::User),
            At::User => {
                self.site.user = text(&heard.data()?);
                Some(At::Versions)
            }
            At::Versions => {
                let versions = heard.data()?;
                let version = |app: &str| Version::parse(versions[app]["version"].as_str()?);
                self.site.frappe = version("frappe").unwrap_or_default();
                self.site.erpnext = version("erpnext");
                Some(At::TimeZone)
            }
            At::TimeZone => {
                self.site.time_zone = text(&heard.data()?["time_zone"]);
                Some(At::PosSettings)
            }
            At::PosSettings => {
                match heard.data() {
                    Ok(settings) => {
                        self.site.reads_pos_settings = true;
                        self.site.invoice_type = invoice_type(&settings, self.site.erpnext);
                    }
                    // Whoever may not read it is told by the version, until provisioning has given the right.
                    Err(Trouble::Refused { .. }) => {
                        self.site.invoice_type = invoice_type(&Value::Null, self.site.erpnext);
                    }
                    Err(trouble) => return Err(trouble),
                }
                None
            }
        })
    }
}

/// Version 15 has no such field; the newer ones start out with Sales Invoice.
fn invoice_type(settings: &Value, erpnext: Option<Version>) -> InvoiceType {
    match settings["invoice_type"].as_str() {
        Some("Sales Invoice") => InvoiceType::SalesInvoice,
        Some("POS Invoice") => InvoiceType::PosInvoice,
        _ if erpnext.is_some_and(|version| version.major >= 16) => InvoiceType::SalesInvoice,
        _ => InvoiceType::PosInvoice,
    }
}

impl Conversation for Look {
    type Outcome = Result<Site, Trouble>;

    fn next(&mut self, heard: Option<Heard>) -> Step<Self::Outcome> {
        let Some(heard) = heard else {
            return self.ask(At::User);
        };
        match self.take(&heard) {
            Ok(Some(at)) => self.ask(at),
            Ok(None) => Step::Done(Ok(self.site.clone())),
            Err(trouble) => Step::Done(Err(trouble)),
        }
    }
}
