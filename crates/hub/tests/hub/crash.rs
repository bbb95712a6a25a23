//! The real program on a real disk, killed with SIGKILL at moments that nobody chose, while terminals push to it.
//!
//! What it acknowledged has to be there, once, as a chain; what it did not is sent again. `HOLDFAST_KILLS=100` kills it so often.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use holdfast_store::{NewTerminal, Store};
use holdfast_sync::{
    Body, Entry, Hash, Position, PublicKey, Seq, Signature, TerminalId,
    body::Sale,
    terminal::{Journal, Next},
    wire::{self, PushAnswer, PushRequest},
};
use p256::ecdsa::{SigningKey, signature::Signer};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const PATH: &str = "/pos/api/v1/journal";
const TERMINALS: u8 = 4;

struct Terminal {
    id: TerminalId,
    key: SigningKey,
    journal: Journal,
    entries: Vec<Entry>,
    nonce: u64,
}

impl Terminal {
    fn enrol(store: &Store, number: u8) -> Self {
        let key = SigningKey::from_slice(&[number + 1; 32]).expect("a scalar");
        let id = TerminalId([number; 16]);
        let public_key = PublicKey(key.verifying_key().to_encoded_point(false).as_bytes().to_vec());
        let (name, pos_profile) = (format!("Terminal {number}"), "Harbour Street".to_owned());
        let new = NewTerminal { id, name, pos_profile, public_key, account: "manager".to_owned() };
        store.enrol(&new, now_ms()).expect("it is new");
        Self {
            id,
            key,
            journal: Journal::new(id, Position::default(), 0, Position::default()),
            entries: Vec::new(),
            nonce: 0,
        }
    }

    fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let signature: p256::ecdsa::Signature = self.key.sign(bytes);
        signature.to_bytes().into()
    }

    fn sell(&mut self) {
        let receipt_number = format!("{}-{:06}", self.id.0[0], self.journal.head().seq.next().0);
        let body = Body::Sale(Box::new(Sale { receipt_number, ..Sale::default() }));
        let unsigned = self.journal.prepare(now_ms(), None, None, None, body);
        let signature = Signature(self.sign(unsigned.to_sign()));
        let entry = unsigned.seal(signature);
        self.journal.committed(&entry);
        self.entries.push(entry);
    }

    /// Sends what waits, once; the answer may never come.
    fn push(&mut self, port: u16) -> Option<()> {
        let Next::Send(after) = self.journal.next() else { return Some(()) };
        let from = usize::try_from(after.0).expect("small");
        let entries: Vec<_> = self.entries[from..].iter().take(100).map(|entry| entry.sealed.clone()).collect();
        let sent = Seq(after.0 + entries.len() as u64);
        let answer = self.post(port, &wire::encode(&PushRequest { entries }))?;
        let answer: PushAnswer = wire::decode(&answer).ok()?;
        let own = &self.entries;
        let hash_at = |seq: Seq| own.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash);
        self.journal.answered(sent, &answer, hash_at);
        Some(())
    }

    fn post(&mut self, port: u16, body: &[u8]) -> Option<Vec<u8>> {
        self.nonce += 1;
        let (terminal, time, nonce, hash) = (self.id, now_ms(), format!("{:032x}", self.nonce), Hash::of(body));
        let text = format!("holdfast-request-1\nPOST\n{PATH}\n{terminal}\n{time}\n{nonce}\n{hash}");
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.sign(text.as_bytes()));
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: {}\r\nHoldfast-Terminal: {terminal}\r\n\
             Holdfast-Time: {time}\r\nHoldfast-Nonce: {nonce}\r\nHoldfast-Signature: {signature}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
        read_answer(&mut BufReader::new(stream))
    }
}

fn read_answer(connection: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = String::new();
    connection.read_line(&mut line).ok()?;
    if !line.contains(" 200 ") {
        return None;
    }
    let mut length = 0;
    loop {
        line.clear();
        connection.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    Some(body)
}

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).expect("this century")
}

fn start(folder: &Path, port: u16) -> Child {
    Command::new(env!("CARGO_BIN_EXE_holdfast"))
        .args(["demo", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program is built")
}

/// Waits until the hub listens.
fn wait_for(port: u16) {
    for _ in 0..3_000 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the hub does not come up");
}

#[test]
fn a_hub_killed_under_load_loses_nothing_and_doubles_nothing() {
    let kills: u64 = std::env::var("HOLDFAST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let folder = std::env::temp_dir().join(format!("holdfast-crash-{}", std::process::id()));
    let store = Store::open(&folder).expect("a fresh folder");
    let terminals: Vec<Terminal> = (0..TERMINALS).map(|number| Terminal::enrol(&store, number)).collect();
    drop(store);
    let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port is free").port();
    let (is_over, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));

    let mut terminals = thread::scope(|scope| {
        let selling: Vec<_> = terminals
            .into_iter()
            .map(|mut terminal| {
                let (is_over, acknowledged) = (&is_over, &acknowledged);
                scope.spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        terminal.sell();
                        let before = terminal.journal.acknowledged().seq.0;
                        let _ = terminal.push(port);
                        let after = terminal.journal.acknowledged().seq.0;
                        acknowledged.fetch_add(after.saturating_sub(before), Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(2));
                    }
                    terminal
                })
            })
            .collect();
        for kill in 0..kills {
            let mut hub = start(&folder, port);
            wait_for(port);
            // Not before it has acknowledged something in this life, so that there is something to lose; then at any moment.
            let before = acknowledged.load(Ordering::Relaxed);
            for _ in 0..1_000 {
                if acknowledged.load(Ordering::Relaxed) > before {
                    break;
                }
                thread::sleep(Duration::from_millis(20));
            }
            thread::sleep(Duration::from_millis(5 + kill * 7919 % 293));
            hub.kill().expect("it runs");
            hub.wait().expect("it is gone");
        }
        is_over.store(true, Ordering::Relaxed);
        selling.into_iter().map(|terminal| terminal.join().expect("a terminal does not panic")).collect::<Vec<_>>()
    });
    let claimed: Vec<Position> = terminals.iter().map(|terminal| terminal.journal.acknowledged()).collect();

    // What was acknowledged before the last kill is there before anything is sent again.
    let store = Store::open(&folder).expect("it opens after a kill");
    let mut lost = 0;
    for (terminal, claimed) in terminals.iter().zip(&claimed) {
        let there = store.journal(terminal.id).expect("it is readable");
        let has = |entry: &&Entry| there.iter().any(|line| line.seq == entry.header.seq && line.hash == entry.hash);
        let of = terminal.entries.iter().take_while(|entry| entry.header.seq <= claimed.seq);
        lost += of.filter(|entry| !has(entry)).count();
    }
    drop(store);
    let mut hub = start(&folder, port);
    wait_for(port);
    for terminal in &mut terminals {
        while terminal.journal.waiting() > 0 {
            terminal.push(port).expect("the hub answers");
        }
    }
    hub.kill().expect("it runs");
    hub.wait().expect("it is gone");
    let store = Store::open(&folder).expect("it opens after a kill");
    let (mut sales, mut doubled) = (0, 0);
    for terminal in &terminals {
        let lines = store.journal(terminal.id).expect("it is readable");
        let hashes: Vec<Hash> = lines.iter().map(|line| line.hash).collect();
        let own: Vec<Hash> = terminal.entries.iter().map(|entry| entry.hash).collect();
        sales += own.len();
        doubled += hashes.len().saturating_sub(own.len());
        assert_eq!(hashes, own, "the hub's line is the terminal's journal, once and in order");
        assert_eq!(store.forks(terminal.id).expect("it is readable"), 0);
    }
    let acknowledged = acknowledged.load(Ordering::Relaxed);
    println!("{kills} kills, {sales} sales, {acknowledged} acknowledged between kills, {lost} lost, {doubled} doubled");
    assert!(acknowledged > 0 && lost == 0, "{acknowledged} acknowledged under load, {lost} of them lost");
    std::fs::remove_dir_all(folder).expect("it is ours");
}
