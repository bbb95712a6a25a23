//! Reading one doctype: a page, a transaction, the next page.

use super::{Activity, DIRTY_FACT, Hindrance, NAME, Reader};
use holdfast_erpnext::{
    Conversation, Trouble,
    pull::{Change, Check, Cursor, Deletions, ReadPage, ReadSome, Scope, Wanted, wanted},
    site::Stamp,
};
use holdfast_store::{Alert, MirrorBatch, MirrorRow};
use std::collections::BTreeMap;

/// The cursor of what was deleted lies beside those of the doctypes.
const DELETED: &str = "Deleted Document";

/// How often a reading is begun again before the round is given up for now.
const FALTERS_MAX: u32 = 3;

impl Reader {
    /// Reads every page that is due.
    pub(super) async fn read_doctype(
        &mut self,
        wanted: &'static Wanted,
        scope: &Scope,
        now: i64,
    ) -> Result<(), Hindrance> {
        let mut cursor = self.cursor(wanted.doctype).await?;
        let mut count = 0;
        loop {
            let page = self.hold(|| ReadPage::new(wanted, scope, &cursor, now)).await?;
            count += page.changes.len();
            self.take(wanted.doctype, page.changes, Some(&page.cursor)).await?;
            cursor = page.cursor;
            if !page.has_more {
                return Ok(());
            }
            self.hub.watch.say(NAME, Activity::Working, format!("Reading {}: {count} so far.", wanted.doctype));
        }
    }

    /// Reads what the site said has just changed.
    pub(super) async fn read_named(&mut self, scope: &Scope) -> Result<(), Hindrance> {
        let mut by_doctype: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (doctype, name) in self.hub.hurry.take() {
            if let Some(wanted) = wanted(&doctype) {
                by_doctype.entry(wanted.doctype).or_default().push(name);
            }
        }
        for (doctype, names) in by_doctype {
            let wanted = wanted(doctype).expect("it was just found");
            let cursor = self.cursor(doctype).await?;
            let changes = self.hold(|| ReadSome::new(wanted, scope, names.clone(), cursor.absent_fields())).await?;
            self.take(doctype, changes, None).await?;
        }
        Ok(())
    }

    /// Takes away what was deleted, where the account may know it; elsewhere the full checks find out.
    pub(super) async fn read_deletions(&mut self, scope: &Scope, now: i64) -> Result<(), Hindrance> {
        if self.unreadable.contains_key(DELETED) {
            return Ok(());
        }
        loop {
            let cursor = self.cursor(DELETED).await?;
            let deleted = match self.hold(|| Deletions::new(scope, &cursor, now)).await {
                Ok(deleted) => deleted,
                Err(Hindrance::Site(Trouble::Refused { message, .. })) => {
                    tracing::info!(message, "deletions cannot be read; full checks find them");
                    self.unreadable.insert(DELETED, message);
                    return Ok(());
                }
                Err(hindrance) => return Err(hindrance),
            };
            for (doctype, changes) in deleted.changes {
                self.take(doctype, changes, None).await?;
            }
            self.take(DELETED, Vec::new(), Some(&deleted.cursor)).await?;
            if !deleted.has_more {
                return Ok(());
            }
        }
    }

    /// Compares a doctype with the site, and repairs the mirror.
    pub(super) async fn check_doctype(&mut self, wanted: &'static Wanted, scope: &Scope) -> Result<(), Hindrance> {
        let cursor = self.cursor(wanted.doctype).await?;
        loop {
            let known = self.hub.stored(|store| store.mirror_stamps(wanted.doctype)).await?;
            let known: BTreeMap<String, Stamp> =
                known.into_iter().filter_map(|(name, stamp)| Some((name, Stamp::parse(&stamp)?))).collect();
            let checked = self.hold(|| Check::new(wanted, scope, known.clone(), cursor.absent_fields())).await?;
            if checked.is_alarming() {
                let words = format!(
                    "ERPNext shows only {} of the {} documents of {} that it had. Nothing was taken away here; \
                     please look at the rights of the hub's account.",
                    checked.rows,
                    checked.rows + checked.gone,
                    wanted.doctype
                );
                return self.alert("drift", wanted.doctype, words).await;
            }
            // What is only read by checks is not worth a word.
            if let Some(sentence) = checked.sentence(wanted.doctype).filter(|_| cursor.is_complete()) {
                tracing::warn!(sentence, "drift");
            }
            self.take(wanted.doctype, checked.changes, None).await?;
            for doctype in checked.reread {
                self.forget_cursor(doctype).await?;
                self.read_at_ms.remove(doctype);
            }
            if !checked.has_more {
                return self.settle("drift", wanted.doctype).await;
            }
        }
    }

    /// Holds a conversation that only reads, a few times if the site falters: one lost answer is no reason to begin the whole
    /// round again.
    async fn hold<C, T>(&self, begin: impl Fn() -> C) -> Result<T, Hindrance>
    where
        C: Conversation<Outcome = Result<T, Trouble>>,
    {
        let mut failures = 0;
        loop {
            match self.site.hold(begin()).await? {
                Ok(outcome) => return Ok(outcome),
                Err(trouble) if trouble.is_transient() && failures < FALTERS_MAX => {
                    let hindrance = Hindrance::Site(trouble);
                    tokio::time::sleep(hindrance.wait(failures)).await;
                    failures += 1;
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
    }

    async fn cursor(&self, doctype: &'static str) -> Result<Cursor, Hindrance> {
        let text = self.hub.stored(|store| store.mirror_cursor(doctype)).await?;
        // A cursor that an other version wrote means reading again from the start.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    async fn forget_cursor(&self, doctype: &'static str) -> Result<(), Hindrance> {
        self.take(doctype, Vec::new(), Some(&Cursor::default())).await
    }

    /// Stores changes, the cursor and that something changed, in one transaction.
    async fn take(&self, doctype: &str, changes: Vec<Change>, cursor: Option<&Cursor>) -> Result<(), Hindrance> {
        let mut batch = MirrorBatch {
            doctype: doctype.to_owned(),
            cursor: cursor.map(|cursor| serde_json::to_string(cursor).expect("a cursor can be written")),
            ..MirrorBatch::default()
        };
        for change in changes {
            match change {
                Change::Upsert(row) => batch.changed.push(MirrorRow {
                    name: row.name,
                    modified: row.modified.to_string(),
                    row: serde_json::to_vec(&row.fields).expect("fields came as JSON"),
                }),
                Change::Delete(name) => batch.gone.push(name),
            }
        }
        let store = move |store: &holdfast_store::Store| {
            store.change(|change| {
                if change.mirror(&batch)? > 0 {
                    change.set_fact(DIRTY_FACT, "yes")?;
                }
                Ok(())
            })
        };
        Ok(self.hub.stored(store).await?)
    }

    async fn alert(&self, kind: &'static str, subject: &'static str, words: String) -> Result<(), Hindrance> {
        tracing::error!(kind, subject, words, "alert");
        let raised_at_ms = crate::state::now_ms();
        let alert = Alert { kind: kind.to_owned(), subject: subject.to_owned(), words, raised_at_ms };
        Ok(self.hub.stored(move |store| store.change(|change| change.raise(&alert))).await?)
    }

    async fn settle(&self, kind: &'static str, subject: &'static str) -> Result<(), Hindrance> {
        self.hub.stored(move |store| store.change(|change| change.settle_alert(kind, subject))).await?;
        Ok(())
    }
}
