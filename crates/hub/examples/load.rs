//! How many journal entries a hub takes in a second: the real router over real sockets, on a fresh data directory of a real
//! disk, from terminals that sign everything they send.
//!
//! `cargo run --release -p holdfast-hub --example load -- [TERMINALS] [SECONDS]` prints figures as a JSON list.

use anyhow::{Context, bail};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_hub::{Hub, demo, router, vault::Vault};
use holdfast_store::{NewTerminal, Store};
use holdfast_sync::{
    Body, Hash, Position, PublicKey, Signature, TerminalId,
    terminal::Journal,
    wire::{self, PushAnswer, PushRequest},
};
use p256::ecdsa::{SigningKey, signature::Signer};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

const PATH: &str = "/pos/api/v1/journal";

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let terminals: u32 = arguments.next().map_or(Ok(16), |text| text.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;

    let folder = std::env::temp_dir().join(format!("holdfast-load-{}", std::process::id()));
    let store = Store::open(&folder)?;
    demo::publish(&store, 0)?;
    let enrolled = (0..terminals).map(|number| Terminal::enrol(&store, number)).collect::<anyhow::Result<Vec<_>>>()?;
    let idle = (terminals..1_000).map(|number| Terminal::enrol(&store, number)).collect::<anyhow::Result<Vec<_>>>()?;
    let address = serve(Hub::new(Arc::new(store), "Load", Vault::new(&[0; 32])))?;

    let one_by_one = measure(enrolled, address, 1, seconds)?;
    let batches = measure(idle.into_iter().take(terminals as usize).collect(), address, 50, seconds)?;
    let figures = serde_json::json!([
        figure(
            &format!("hub: entries a second on SQLite, {terminals} terminals, 50 a push"),
            batches,
            "/s",
            Some(2_000),
            true
        ),
        figure(
            &format!("hub: entries a second on SQLite, {terminals} terminals, one a push"),
            one_by_one,
            "/s",
            None,
            true
        ),
        figure("hub: memory with 1,000 terminals enrolled", resident_mb()?, "MB", Some(512), false),
    ]);
    println!("{figures}");
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn figure(name: &str, value: f64, unit: &str, budget: Option<u32>, is_floor: bool) -> serde_json::Value {
    serde_json::json!({ "name": name, "value": value.round(), "unit": unit, "budget": budget, "is_floor": is_floor })
}

fn serve(hub: Hub) -> anyhow::Result<SocketAddr> {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
            tell.send(listener.local_addr().expect("it listens")).expect("main waits");
            axum::serve(listener, router(hub)).await
        })
    });
    Ok(told.recv()?)
}

/// Entries acknowledged a second, over all terminals.
fn measure(terminals: Vec<Terminal>, address: SocketAddr, batch: usize, seconds: u64) -> anyhow::Result<f64> {
    let stop = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let threads: Vec<_> = terminals
        .into_iter()
        .map(|mut terminal| {
            let (stop, count) = (Arc::clone(&stop), Arc::clone(&count));
            thread::spawn(move || {
                let mut connection = BufReader::new(TcpStream::connect(address)?);
                while !stop.load(Ordering::Relaxed) {
                    count.fetch_add(terminal.push(&mut connection, batch)?, Ordering::Relaxed);
                }
                anyhow::Ok(())
            })
        })
        .collect();
    thread::sleep(Duration::from_secs(seconds));
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().expect("a terminal does not panic")?;
    }
    Ok(count.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

struct Terminal {
    id: TerminalId,
    key: SigningKey,
    journal: Journal,
    nonce: u64,
}

impl Terminal {
    fn enrol(store: &Store, number: u32) -> anyhow::Result<Self> {
        let mut bytes = [1; 32];
        bytes[28..].copy_from_slice(&(number + 1).to_be_bytes());
        let key = SigningKey::from_slice(&bytes).expect("a small number is a scalar");
        let mut id = [0; 16];
        id[12..].copy_from_slice(&number.to_be_bytes());
        let id = TerminalId(id);
        let public_key = PublicKey(key.verifying_key().to_encoded_point(false).as_bytes().to_vec());
        let name = format!("Terminal {number}");
        let (pos_profile, account) = ("Harbour Street".to_owned(), "manager".to_owned());
        store.enrol(&NewTerminal { id, name, pos_profile, public_key, account }, now_ms())?;
        Ok(Self { id, key, journal: Journal::new(id, Position::default(), 0, Position::default()), nonce: 0 })
    }

    fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let signature: p256::ecdsa::Signature = self.key.sign(bytes);
        signature.to_bytes().into()
    }

    /// Writes and sends `batch` entries; they count when the hub says that it has them.
    fn push(&mut self, connection: &mut BufReader<TcpStream>, batch: usize) -> anyhow::Result<u64> {
        let mut entries = Vec::with_capacity(batch);
        for _ in 0..batch {
            // About as large as a sale with three lines.
            let note = Some(format!("{:-<900}", "employee"));
            let unsigned = self.journal.prepare(now_ms(), None, None, note, Body::SignedIn);
            let signature = Signature(self.sign(unsigned.to_sign()));
            let entry = unsigned.seal(signature);
            self.journal.committed(&entry);
            entries.push(entry.sealed);
        }
        let head = self.journal.head();
        let answer = self.post(connection, &wire::encode(&PushRequest { entries }))?;
        match wire::decode(&answer).map_err(|_| anyhow::anyhow!("the hub's answer cannot be read"))? {
            PushAnswer::Acknowledged(position) if position == head => Ok(batch as u64),
            other => bail!("the hub answered {other:?}"),
        }
    }

    fn post(&mut self, connection: &mut BufReader<TcpStream>, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.nonce += 1;
        let (terminal, time, nonce, hash) = (self.id, now_ms(), format!("{:032x}", self.nonce), Hash::of(body));
        let text = format!("holdfast-request-1\nPOST\n{PATH}\n{terminal}\n{time}\n{nonce}\n{hash}");
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.sign(text.as_bytes()));
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nHost: hub\r\nContent-Length: {}\r\nHoldfast-Terminal: {terminal}\r\n\
             Holdfast-Time: {time}\r\nHoldfast-Nonce: {nonce}\r\nHoldfast-Signature: {signature}\r\n\r\n",
            body.len()
        );
        let stream = connection.get_mut();
        stream.write_all(&[head.as_bytes(), body].concat())?;
        read_answer(connection)
    }
}

fn read_answer(connection: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<u8>> {
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let is_ok = line.contains(" 200 ");
    let status = line.trim().to_owned();
    let mut length = None;
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse()?);
        }
    }
    let mut body = vec![0; length.context("an answer has a length")?];
    connection.read_exact(&mut body)?;
    if !is_ok {
        bail!("{status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(body)
}

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// The memory that this process has, in megabytes. Includes the terminals that it plays.
fn resident_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("Linux tells it")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1000.0)
}
