//! What became of this terminal's sales in ERPNext's books, as a hub last said.

use holdfast_sync::{Seq, posting::BookedDocument};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most sales that are remembered; the hub has them all.
const SALES_MAX: usize = 2_000;

/// A hub's answer to `GET postings`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct News {
    /// What changed, oldest first.
    pub postings: Vec<Posting>,
    /// What to ask with the next time, Unix milliseconds by the hub's clock.
    pub next: i64,
}

/// One entry's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Posting {
    /// The entry.
    pub seq: u64,
    /// `posted`, `rejected` and so on.
    pub state: String,
    /// The documents that it became.
    pub documents: Vec<BookedDocument>,
}

/// How a sale stands in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It is in the books, under this name.
    Booked(String),
    /// Somebody in the office has to look at it.
    WithOffice,
}

/// What is known of the books. Stored, since a terminal may be without a hub for weeks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    standings: BTreeMap<Seq, Standing>,
    next: i64,
}

impl Booked {
    /// Reads what [`Booked::to_bytes`] wrote; nothing where the bytes are something else, for the hub says it all again.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("what is known of the books can be written")
    }

    /// What to ask the hub with.
    pub fn since_ms(&self) -> i64 {
        self.next
    }

    /// Takes news in. Says whether anything changed, and so whether there may be more.
    pub fn take(&mut self, news: &News) -> bool {
        let before = self.next;
        for posting in &news.postings {
            let seq = Seq(posting.seq);
            let document = posting.documents.iter().find(|document| document.doctype.ends_with("Invoice"));
            match (posting.state.as_str(), document) {
                ("rejected", _) => self.standings.insert(seq, Standing::WithOffice),
                (_, Some(document)) => self.standings.insert(seq, Standing::Booked(document.name.clone())),
                _ => self.standings.remove(&seq),
            };
        }
        while self.standings.len() > SALES_MAX {
            self.standings.pop_first();
        }
        self.next = news.next.max(before);
        self.next > before
    }

    /// How a sale stands; `None` while it is on its way, or where the hub stands alone.
    pub fn standing(&self, seq: Seq) -> Option<&Standing> {
        self.standings.get(&seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(seq: u64, state: &str, names: &[(&str, &str)]) -> Posting {
        let document =
            |(doctype, name): &(&str, &str)| BookedDocument { doctype: (*doctype).into(), name: (*name).into() };
        Posting { seq, state: state.into(), documents: names.iter().map(document).collect() }
    }

    fn news(next: i64, postings: Vec<Posting>) -> News {
        News { postings, next }
    }

    #[test]
    fn a_booked_sale_has_the_name_of_its_invoice() {
        let mut booked = Booked::default();

        let documents = [("Customer", "Zoë"), ("POS Invoice", "ACC-PSINV-2026-00007")];
        let is_news = booked.take(&news(50, vec![posting(7, "posted", &documents), posting(8, "posting", &[])]));

        assert!(is_news);
        assert_eq!(booked.standing(Seq(7)), Some(&Standing::Booked("ACC-PSINV-2026-00007".into())));
        assert_eq!(booked.standing(Seq(8)), None);
        assert_eq!(booked.since_ms(), 50);
    }

    #[test]
    fn what_the_office_had_and_tries_again_is_on_its_way() {
        let mut booked = Booked::default();
        booked.take(&news(50, vec![posting(7, "rejected", &[])]));
        assert_eq!(booked.standing(Seq(7)), Some(&Standing::WithOffice));

        booked.take(&news(60, vec![posting(7, "posting", &[])]));

        assert_eq!(booked.standing(Seq(7)), None);
    }

    #[test]
    fn the_same_news_twice_is_none() {
        let mut booked = Booked::default();
        let posted = news(50, vec![posting(7, "posted", &[("POS Invoice", "P-1")])]);
        booked.take(&posted);

        assert!(!booked.take(&posted));
        assert_eq!(Booked::from_bytes(&booked.to_bytes()), booked);
    }

    #[test]
    fn years_of_sales_do_not_fill_the_terminal() {
        let mut booked = Booked::default();

        for seq in 0..5_000_u64 {
            booked.take(&news(1, vec![posting(seq, "posted", &[("POS Invoice", "P")])]));
        }

        assert_eq!(booked.standings.len(), SALES_MAX);
        assert!(booked.standing(Seq(4_999)).is_some());
    }
}
