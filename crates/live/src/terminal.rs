//! A terminal without a browser: it enrols, fetches its catalogue, sells and pushes with the very code of the app.

use anyhow::{Context as _, Result, anyhow, bail};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_catalogue::{Catalogue, Manifest, digest};
use holdfast_counter::sale::receipt_number;
use holdfast_engine::{Cart, Context, Date, ENGINE_VERSION, Invoice, Masters, Payment, Priced, price};
use holdfast_erpnext::site::Zone;
use holdfast_sync::{
    Body, Entry, Hash, Position, Signature, TerminalId,
    body::{Sale, ShiftOpened},
    ids::{EntryRef, ShiftId},
    posting::PostingId,
    terminal::{Journal, Next},
    wire::{self, PushAnswer, PushRequest},
};
use p256::ecdsa::{SigningKey, signature::Signer};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Entries in one push.
const BATCH: usize = 100;

/// Where the hub's routes begin.
const API: &str = "/pos/api/v1";

/// An enrolled terminal with its journal in memory.
pub(crate) struct Terminal {
    link: Link,
    code: String,
    journal: Journal,
    entries: Vec<Entry>,
    shift: Option<ShiftId>,
    employee: String,
    zone: Zone,
    catalogue: Catalogue,
}

/// What was sold, as the receipt says it.
#[derive(Clone, Debug)]
pub(crate) struct Sold {
    /// What it was for.
    pub(crate) what: &'static str,
    /// Its place in the journal.
    pub(crate) entry: EntryRef,
    /// What ERPNext's document carries.
    pub(crate) id: PostingId,
    /// The journal's body.
    pub(crate) sale: Sale,
    /// Loyalty points that it earns.
    pub(crate) points_earned: i64,
}

/// Other entries that a sale has to do with.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// The sale that comes back.
    pub(crate) returned: Option<holdfast_sync::body::Returned>,
    /// The entry that made the customer.
    pub(crate) customer_entry: Option<EntryRef>,
}

/// Who enrols where.
pub(crate) struct Enrolment<'a> {
    /// The hub's address.
    pub(crate) hub: &'a str,
    /// ERPNext's user.
    pub(crate) account: &'a str,
    /// Its password.
    pub(crate) password: &'a str,
    /// POS Profile.
    pub(crate) pos_profile: &'a str,
    /// Employee.
    pub(crate) employee: &'a str,
}

impl Terminal {
    /// Enrols and fetches the catalogue.
    pub(crate) async fn enrol(enrolment: &Enrolment<'_>, zone: Zone) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_mins(1)).build()?;
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the operating system gives random bytes");
        let key = SigningKey::from_slice(&secret).map_err(|_| anyhow!("not one in 2^32 is no scalar"))?;
        let public_key = BASE64_URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes());
        let asked = json!({
            "account": enrolment.account, "password": enrolment.password, "public_key": public_key,
            "terminal_name": format!("Live {}", enrolment.pos_profile), "pos_profile": enrolment.pos_profile,
        });
        let answer = client
            .post(format!("{}{API}/enrolment", enrolment.hub))
            .header("Content-Type", "application/json")
            .body(asked.to_string())
            .send()
            .await?;
        let (status, bytes) = (answer.status(), answer.bytes().await?);
        if !status.is_success() {
            bail!("enrolment is refused: {status} {}", String::from_utf8_lossy(&bytes));
        }
        let enrolled: Value = serde_json::from_slice(&bytes)?;
        let id = TerminalId::from_hex(&crate::site::text(&enrolled, "terminal")).context("a terminal has an id")?;
        let link = Link { client, hub: enrolment.hub.to_owned(), id, key };
        let catalogue = link.catalogue().await?;
        Ok(Self {
            link,
            code: crate::site::text(&enrolled, "code"),
            journal: Journal::new(id, Position::default(), 0, Position::default()),
            entries: Vec::new(),
            shift: None,
            employee: enrolment.employee.to_owned(),
            zone,
            catalogue,
        })
    }

    /// Appends an entry, durable by being in memory.
    pub(crate) fn append(&mut self, body: Body) -> EntryRef {
        let unsigned = self.journal.prepare(now_ms(), Some(0), self.shift, Some(self.employee.clone()), body);
        let signature: p256::ecdsa::Signature = self.link.key.sign(unsigned.to_sign());
        let entry = unsigned.seal(Signature(signature.to_bytes().into()));
        self.journal.committed(&entry);
        let at = EntryRef { terminal: self.link.id, seq: entry.header.seq };
        self.entries.push(entry);
        at
    }

    /// Opens a shift with this much in the drawer.
    pub(crate) fn open_shift(&mut self, opening: Vec<holdfast_sync::body::ModeAmount>) {
        let mut shift = [0; 16];
        getrandom::fill(&mut shift).expect("the operating system gives random bytes");
        let shift = ShiftId(shift);
        let tables = self.catalogue.tables();
        let opened = ShiftOpened {
            shift,
            pos_profile: tables.profile.name.clone(),
            company: tables.profile.company.clone(),
            currency: tables.profile.currency.clone(),
            opening,
            counted: Vec::new(),
        };
        self.shift = Some(shift);
        self.append(Body::ShiftOpened(opened));
    }

    /// Closes the shift; everything that should be there was counted.
    pub(crate) fn close_shift(&mut self) -> Result<()> {
        let book = holdfast_counter::Book::replay(&self.entries);
        let expected = book.shift.as_ref().context("a shift is open")?.expected.clone();
        let closed = book.closing(expected, Vec::new()).context("a shift is open")?;
        self.append(Body::ShiftClosed(closed));
        self.shift = None;
        Ok(())
    }

    /// Prices a cart as of now.
    pub(crate) fn price(&self, cart: &Cart) -> (Priced, String) {
        let stamp = self.zone.stamp(now_ms());
        let text = stamp.to_string();
        let seconds = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or_default();
        let posting_time_s = seconds(11..13) * 3600 + seconds(14..16) * 60 + seconds(17..19);
        let posting_date = Date::parse(&text[..10]).unwrap_or_default();
        (price(cart, &self.catalogue, &Context { posting_date, posting_time_s }), text[..19].to_owned())
    }

    /// Sells a cart. `pay` splits what is to be paid into modes and amounts.
    pub(crate) fn sell(
        &mut self,
        what: &'static str,
        mut cart: Cart,
        pay: impl FnOnce(&Invoice) -> Vec<Payment>,
        links: Links,
    ) -> Result<Sold> {
        cart.payments = Vec::new();
        let unpaid = self.price(&cart).0.invoice;
        cart.payments = pay(&unpaid);
        let (priced, posted_local) = self.price(&cart);
        if let Some(refusal) = &priced.refusal {
            bail!("{what}: the engine refuses it: {refusal}");
        }
        let points_earned = priced.loyalty.as_ref().map_or(0, |gain| gain.points);
        let customer = priced.invoice.customer.clone();
        let customer_name =
            self.catalogue.customer(&customer).map_or(customer, |customer| customer.customer_name.clone());
        let seq = self.journal.head().seq.next();
        let profile = &self.catalogue.tables().profile;
        let sale = Sale {
            receipt_number: receipt_number(&self.code, seq),
            engine_version: ENGINE_VERSION.to_owned(),
            pos_profile: profile.name.clone(),
            company: profile.company.clone(),
            customer_name,
            posted_local,
            invoice: priced.invoice,
            returned: links.returned,
            customer_entry: links.customer_entry,
            ..Sale::default()
        };
        let entry = self.append(Body::Sale(Box::new(sale.clone())));
        let id = PostingId::of(self.entries.last().expect("one was just appended"));
        Ok(Sold { what, entry, id, sale, points_earned })
    }

    /// Pushes until the hub has everything.
    pub(crate) async fn push(&mut self) -> Result<()> {
        loop {
            let from = match self.journal.next() {
                Next::Idle => return Ok(()),
                Next::Send(from) => from,
                other => bail!("the journal stops: {other:?}"),
            };
            let entries: Vec<&Entry> =
                self.entries.iter().filter(|entry| entry.header.seq > from).take(BATCH).collect();
            let sent = entries.last().map_or(from, |entry| entry.header.seq);
            let request = PushRequest { entries: entries.into_iter().map(|entry| entry.sealed.clone()).collect() };
            let answer = self.link.request("POST", "/journal", &wire::encode(&request)).await?;
            let answer: PushAnswer = wire::decode(&answer).context("the hub's answer")?;
            let hashes: Vec<Hash> = self.entries.iter().map(|entry| entry.hash).collect();
            let hash_at = |seq: holdfast_sync::Seq| hashes.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).copied();
            if let Next::Stop(trouble) = self.journal.answered(sent, &answer, hash_at) {
                bail!("the journal stops: {trouble:?}");
            }
        }
    }
}

/// Signed requests to a hub.
struct Link {
    client: reqwest::Client,
    hub: String,
    id: TerminalId,
    key: SigningKey,
}

impl Link {
    /// Fetches the catalogue whole.
    async fn catalogue(&self) -> Result<Catalogue> {
        let manifest = self.request("GET", "/catalogue", &[]).await?;
        let manifest = Manifest::from_bytes(&manifest).context("a manifest")?;
        let mut segments = Vec::new();
        for segment in &manifest.segments {
            let bytes = self.request("GET", &format!("/segments/{}", hex::encode(segment.hash)), &[]).await?;
            if digest(&bytes) != segment.hash {
                bail!("a segment is not what the manifest says");
            }
            segments.push(bytes);
        }
        Catalogue::open(&manifest, segments).context("the catalogue opens")
    }

    /// Sends a signed request.
    async fn request(&self, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        let path = format!("{API}{path}");
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
        let (terminal, time, nonce, hash) = (self.id, now_ms(), hex::encode(nonce), Hash::of(body));
        let text = format!("holdfast-request-1\n{method}\n{path}\n{terminal}\n{time}\n{nonce}\n{hash}");
        let signature: p256::ecdsa::Signature = self.key.sign(text.as_bytes());
        let answer = self
            .client
            .request(method.parse()?, format!("{}{path}", self.hub))
            .header("Holdfast-Terminal", terminal.to_string())
            .header("Holdfast-Time", time)
            .header("Holdfast-Nonce", nonce)
            .header("Holdfast-Signature", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
            .body(body.to_vec())
            .send()
            .await
            .with_context(|| format!("{method} {path}"))?;
        let (status, bytes) = (answer.status(), answer.bytes().await?);
        if !status.is_success() {
            bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        }
        Ok(bytes.to_vec())
    }
}

/// This machine's clock, Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
