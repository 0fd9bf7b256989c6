// What comes of a try: the second half of Rounds.
#include <algorithm>
#include <utility>

#include <vitals/base/backoff.h>

#include "attempt.h"
#include "rounds.h"

namespace vitals::notify {

void Rounds::take(net::Calls::Answered answered) {
  const TimeMs now = clock_.wall_now();
  if (heartbeats_.take(answered, now)) return;
  auto found = flights_.extract(answered.number);
  if (found.empty()) return;
  Flight& flight = found.mapped();
  Served& from = served(flight.receiver);
  --from.under_way;
  for (Row& row : flight.rows) {
    ++row.delivery.attempts;
    row.tried_at = now;
  }
  const Attempt attempt = flight.to->channel->judge(answered.answer, now);
  if (attempt.verdict == Attempt::Verdict::delivered && answered.answer) {
    from.delivered(now);
    from.circuit.succeeded(flight.probe);
    landed(flight, *answered.answer);
  } else {
    from.failed(now, attempt.error);
    refused(flight, attempt);
  }
}

void Rounds::landed(Flight& flight, const net::ClientAnswer& answer) {
  Served& from = served(flight.receiver);
  from.queue.done(flight.waiting);
  const bool alone = flight.rows.size() == 1 && !flight.message.notices.empty();
  const std::string memory =
      alone ? flight.to->channel->remember(flight.message, answer) : std::string();
  for (std::size_t i = 0; i < flight.rows.size(); ++i) {
    Row& row = flight.rows[i];
    row.delivery.last_error.clear();
    if (row.alert) remember(row, *flight.to, memory, from);
    if (!flight.waiting[i].repeat) {
      finish(flight.waiting[i].key, std::move(row), DeliveryState::delivered);
    } else if (flight.to->channel->refresh_ms() == 0) {  // else it would be all that the log has
      finish("", std::move(row), DeliveryState::delivered);
    }
  }
}

void Rounds::forget(const model::Persons& persons) {
  for (auto& [number, flight] : flights_) {
    for (Row& row : flight.rows) {
      const auto edited = model::if_named(encode(row), persons);
      if (!edited) continue;
      if (auto decoded = decode(*edited)) row = *std::move(decoded);
    }
  }
}

/// What the channel remembered of the incident leads nowhere any more.
void Rounds::forget(const Flight& flight) {
  const std::string key = told_key(flight.receiver, flight.rows.front().delivery.alert);
  auto told = ledger_.read(key);
  if (!told || !*told) return;
  (*told)->memory.clear();
  ledger_.put(key, **told);
}

void Rounds::refused(Flight& flight, const Attempt& attempt) {
  const TimeMs now = clock_.now();
  Served& from = served(flight.receiver);
  TimeMs deadline = kNever;
  for (const Waiting& one : flight.waiting) {
    if (!one.repeat) deadline = std::min(deadline, one.queued_at + flight.to->give_up_ms);
  }
  const bool over = !flight.waiting.front().repeat &&
                    (attempt.verdict == Attempt::Verdict::refused_for_good || now >= deadline);
  TimeMs again_at = kNever;
  for (std::size_t i = 0; i < flight.rows.size(); ++i) {
    flight.rows[i].delivery.last_error = attempt.error;
    if (!over) again_at = std::min(again_at, try_again(flight, i, attempt));
  }
  if (attempt.forget) forget(flight);
  if (attempt.receiver_down) {
    from.circuit.failed(flight.probe, now, clock_.even(attempt.not_before.value_or(0)),
                        now >= deadline ? kNever : deadline, flight.plan->options, random_);
  } else {
    from.circuit.succeeded(flight.probe);  // it answers
  }
  if (over) {
    from.queue.done(flight.waiting);
    for (std::size_t i = 0; i < flight.rows.size(); ++i) {
      bury(flight.waiting[i].key, std::move(flight.rows[i]));
    }
    return;
  }
  again_at = std::min(again_at, deadline);
  from.queue.again(flight.waiting, again_at);
  const TimeMs next_try_at =
      attempt.receiver_down ? std::max(again_at, from.circuit.open_until()) : again_at;
  for (std::size_t i = 0; i < flight.rows.size(); ++i) {
    if (flight.waiting[i].repeat) continue;
    flight.rows[i].delivery.next_try_at = clock_.wall(next_try_at);
    ledger_.put(flight.waiting[i].key, flight.rows[i]);
  }
}

/// When this row wants to be tried again. A failure counts against the row only if the receiver
/// seemed well: in an outage the circuit says when, and afterwards nobody has to wait for long.
TimeMs Rounds::try_again(Flight& flight, std::size_t at, const Attempt& attempt) {
  Row& row = flight.rows[at];
  const TimeMs now = clock_.now();
  if (row.delivery.attempts == 1 && !flight.probe) {
    logger_->warn("notification {} to '{}' failed, will be tried again: {}", row.delivery.id,
                  flight.receiver, attempt.error);
  }
  if (attempt.receiver_down && (flight.probe || flight.waiting[at].repeat)) return now;
  if (flight.waiting[at].repeat) {  // it has another occasion
    return now + std::max(repeat_ms(row, *flight.to->channel), flight.plan->options.retry_min_ms);
  }
  ++row.failures;
  const Options& options = flight.plan->options;
  const TimeMs backed_off =
      now + backoff_ms(options.retry_min_ms, options.retry_max_ms, row.failures, random_);
  return std::max(backed_off, clock_.even(attempt.not_before.value_or(0)));
}

void Rounds::bury(const std::string& key, Row row) {
  if (!row.delivery.receiver.empty()) served(row.delivery.receiver).died();
  logger_->error("notification {} to '{}' given up after {} {}: {}", row.delivery.id,
                 row.delivery.receiver, row.delivery.attempts,
                 row.delivery.attempts == 1 ? "try" : "tries", row.delivery.last_error);
  if (event_of(row.delivery.event) == Event::resolved) {
    ledger_.erase(told_key(row.delivery.receiver, row.delivery.alert));
    served(row.delivery.receiver).queue.drop_repeat(row.delivery.alert);
  }
  finish(key, std::move(row), DeliveryState::dead);
}

void Rounds::finish(const std::string& key, Row row, DeliveryState state) {
  Delivery& delivery = row.delivery;
  delivery.state = state;
  delivery.next_try_at = 0;
  delivery.done_at = clock_.wall_now();
  if (is_action(delivery.receiver)) {
    Row outcome;
    outcome.delivery = delivery;
    ledger_.put(action_key(delivery.alert), outcome);
    outcomes_.emplace_back(delivery.alert,
                           state == DeliveryState::delivered ? "" : delivery.last_error);
  }
  decided_ = true;
  ledger_.finish(key, std::move(row));
}

}  // namespace vitals::notify
