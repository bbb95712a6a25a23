//! A hub behind a hub: lines of journals going on, over connections that break, to a hub that is restored.

use crate::signer::{TERMINAL, journal};
use holdfast_sync::{
    Body, Entry, Hash, Position, PublicKey, Seq, TerminalId,
    hub::accept,
    relay::{IN_FLIGHT_MAX, PROBE_MS, Relay, Trace, may_introduce},
    wire::{PushAnswer, RelayAnswer},
};

/// A hub above: its line, and what is beside.
#[derive(Default)]
struct Above {
    line: Vec<Entry>,
    beside: Vec<Entry>,
}

impl Above {
    fn push(&mut self, entries: Vec<Entry>) -> PushAnswer {
        let head = self.line.last().map_or_else(Position::default, Entry::position);
        let stored = |seq: Seq| self.line.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash);
        let is_beside = |hash: Hash| self.beside.iter().any(|entry| entry.hash == hash);
        let accepted = accept(head, stored, is_beside, entries);
        self.line.extend(accepted.append);
        self.beside.extend(accepted.forked);
        accepted.answer
    }
}

fn entries(count: usize) -> Vec<Entry> {
    journal(None, vec![Body::SignedIn; count])
}

fn relay(lines: &[&[Entry]]) -> Relay {
    let mut relay = Relay::default();
    for entry in lines.iter().copied().flatten() {
        relay.stored(TERMINAL, entry.position(), entry.header.prev);
    }
    relay
}

/// Sends what is due until nothing is.
fn run(relay: &mut Relay, above: &mut Above, now_ms: i64, own: &[Entry]) -> usize {
    let mut pushes = 0;
    while let Some(push) = relay.next(now_ms) {
        let from = usize::try_from(push.after.0).expect("small");
        let entries: Vec<Entry> = own[from..].iter().take(2).cloned().collect();
        let sent = entries.last().map_or(push.after, |entry| entry.header.seq);
        let answer = RelayAnswer::Push(above.push(entries));
        let hash_at = |seq: Seq| own.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash);
        relay.answered(now_ms, push, sent, &answer, hash_at);
        pushes += 1;
        assert!(pushes < 50, "it comes to rest");
    }
    pushes
}

#[test]
fn everything_goes_on_and_then_there_is_rest() {
    let own = entries(5);
    let (mut relay, mut above) = (relay(&[&own]), Above::default());

    let pushes = run(&mut relay, &mut above, 0, &own);

    assert_eq!((pushes, above.line), (4, own));
    assert_eq!(relay.waiting().count(), 0);
}

#[test]
fn after_a_restart_one_empty_push_tells_that_all_is_there() {
    let own = entries(5);
    let mut above = Above { line: own.clone(), ..Above::default() };

    let pushes = run(&mut relay(&[&own]), &mut above, 0, &own);

    assert_eq!((pushes, above.beside), (1, Vec::new()));
}

#[test]
fn a_hub_above_that_was_restored_gets_the_rest_again() {
    let own = entries(5);
    let (mut relay, mut above) = (relay(&[&own]), Above::default());
    run(&mut relay, &mut above, 0, &own);
    above.line.truncate(2);

    run(&mut relay, &mut above, i64::try_from(PROBE_MS).expect("small") + 1, &own);

    assert_eq!(above.line, own);
}

#[test]
fn a_line_that_is_another_one_above_is_kept_beside_there() {
    let own = entries(3);
    let other = journal(None, vec![Body::SignedOut; 4]);
    let (mut relay, mut above) = (relay(&[&own]), Above { line: other.clone(), beside: Vec::new() });

    run(&mut relay, &mut above, 0, &own);

    assert_eq!((above.line, above.beside), (other, own));
}

#[test]
fn while_nobody_answers_one_tries_and_the_others_wait() {
    let own = entries(1);
    let mut relay = relay(&[&own]);
    let push = relay.next(0).expect("it is due");

    relay.failed(0, push, 1.0);

    assert_eq!(relay.next(999), None);
    assert_eq!(relay.next(1_000).map(|again| (again.line, again.after)), Some((push.line, push.after)));
}

#[test]
fn a_clock_set_back_by_a_year_does_not_make_it_wait_a_year() {
    let own = entries(1);
    let mut relay = relay(&[&own]);
    let a_year_ms = 365 * 86_400_000;
    let push = relay.next(a_year_ms).expect("it is due");
    relay.failed(a_year_ms, push, 1.0);

    assert_eq!(relay.next(0).map(|again| again.line), Some(push.line));
}

#[test]
fn a_line_beside_is_traced_to_where_it_leaves() {
    let main = entries(3);
    let beside: Vec<Entry> = journal(None, vec![Body::SignedIn, Body::SignedOut, Body::SignedOut]);
    assert_eq!(main[0], beside[0]);

    let trace = Trace::back(
        beside[2].position(),
        |seq| main.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).map(|entry| entry.hash),
        |hash| beside.iter().find(|entry| entry.hash == hash).map(|entry| entry.header.prev),
    );

    assert_eq!(trace, Trace { shared: Seq(1), beside: vec![beside[1].hash, beside[2].hash] });
    assert_eq!([1, 2, 3].map(|seq| trace.hash_at(Seq(seq))), [None, Some(beside[1].hash), Some(beside[2].hash)]);
}

#[test]
fn a_terminal_is_introduced_once_with_one_key() {
    let (key, other) = (PublicKey(vec![4; 65]), PublicKey(vec![5; 65]));

    assert!(may_introduce(None, &key) && may_introduce(Some(&key), &key) && !may_introduce(Some(&other), &key));
}

#[test]
fn an_answer_that_comes_twice_is_taken_once() {
    let own = entries(1);
    let mut relay = relay(&[&own]);
    let nothing = RelayAnswer::Push(PushAnswer::Acknowledged(Position::default()));
    let first = relay.next(0).expect("it is due");
    relay.answered(0, first, Seq(1), &nothing, |_| None);
    let second = relay.next(0).expect("there is something to send");

    relay.answered(0, first, Seq(1), &nothing, |_| None);

    assert_eq!((relay.in_flight(), relay.next(0)), (1, None));
    assert_eq!(second.after, Seq(0));
}

#[test]
fn while_as_many_are_under_way_as_may_be_nobody_is_woken() {
    let own = entries(1);
    let mut relay = relay(&[&own]);
    for other in 0..8 {
        relay.stored(TerminalId([other; 16]), own[0].position(), Hash::default());
    }

    let pushes = std::iter::from_fn(|| relay.next(0)).count();

    assert_eq!((pushes, relay.wake_at_ms(0)), (IN_FLIGHT_MAX, None));
}
