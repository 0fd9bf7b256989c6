#include "rounds.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "message_id.h"
#include "webhook/message.h"

namespace vitals::notify {
namespace {

constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();
/// Of one receiver: enough to hide its latency, few enough for it.
constexpr std::size_t kCallsMax = 8;
/// Notices in one message.
constexpr std::size_t kTogetherMax = 100;
/// Rows read in one round, so that answers are heard meanwhile.
constexpr std::size_t kReadMax = 1'000;
/// Outcomes of actions are told again at starts for so long.
constexpr DurationMs kOutcomesKeptMs = 86'400'000;

}  // namespace

Waiting Rounds::waiting_of(const std::string& key, const Row& row) {
  return {key,  row.delivery.alert, row.group, row.message, row.delivery.next_try_at, row.queued_at,
          false};
}

Rounds::Rounds(Ledger& ledger, const Clock& clock, net::Calls& calls, Logger logger,
               telemetry::Registry& telemetry, std::uint64_t seed)
    : ledger_(ledger),
      clock_(clock),
      calls_(calls),
      logger_(logger),
      telemetry_(telemetry),
      random_(seed),
      heartbeats_(telemetry, logger) {}

Served& Rounds::served(const std::string& receiver) {
  return served_.try_emplace(receiver, receiver, telemetry_).first->second;
}

void Rounds::use(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  heartbeats_.use(plan_);
  ledger_.keep(plan_->options.log_entries_max);
  for (const auto& [name, destination] : plan_->destinations) {
    served(name).rate.configure(destination.rate_max, destination.rate_per_ms, clock_.now_ms());
  }
}

Status Rounds::resume(std::shared_ptr<const Plan> plan) {
  use(std::move(plan));
  const auto put_back = ledger_.all(Space::put_back);
  if (!put_back) return put_back.error();
  for (const Ledger::Stored& stored : *put_back) {
    if (stored.row) add(stored.key, *stored.row);
  }
  if (auto status = restore_repeats(); !status) return status;
  return restore_outcomes();
}

Status Rounds::restore_repeats() {
  const auto told = ledger_.all(Space::told);
  if (!told) return told.error();
  for (const auto& [key, row] : *told) {
    if (!row || plan_->find(row->delivery.receiver) == nullptr) {
      ledger_.erase(key);
      continue;
    }
    if (row->delivery.next_try_at == 0) continue;
    Waiting repeat = waiting_of(key, *row);
    repeat.repeat = true;
    served(row->delivery.receiver).queue.add(std::move(repeat));
  }
  return {};
}

Status Rounds::restore_outcomes() {
  const auto outcomes = ledger_.all(Space::action);
  if (!outcomes) return outcomes.error();
  for (const auto& [key, row] : *outcomes) {
    if (!row || row->delivery.done_at < clock_.now_ms() - kOutcomesKeptMs) {
      ledger_.erase(key);
    } else {
      const bool good = row->delivery.state == DeliveryState::delivered;
      told_.emplace_back(row->delivery.alert, good ? "" : row->delivery.last_error);
    }
  }
  return {};
}

void Rounds::add(const std::string& key, const Row& row) {
  served(row.delivery.receiver).queue.add(waiting_of(key, row));
}

TimeMs Rounds::run() {
  for (net::Calls::Answered& answered : calls_.answered()) take(std::move(answered));
  TimeMs next = read_new();
  next = std::min(next, commit());
  for (auto& [name, one] : served_) next = std::min(next, serve(name, one));
  next = std::min(next, heartbeats_.run(clock_.now_ms(), calls_, next_call_));
  next = std::min(next, commit());
  for (auto& [name, one] : served_) one.publish(clock_.now_ms());
  return next;
}

TimeMs Rounds::read_new() {
  const auto rows = ledger_.unread(kReadMax);
  const TimeMs now = clock_.now_ms();
  if (!rows) {
    logger_->error("cannot read the outbox: {}", rows.error().message);
    return now + plan_->options.retry_min_ms;
  }
  for (const auto& [key, row] : *rows) {
    if (row) {
      add(key, *row);
    } else {
      Row unreadable;
      unreadable.delivery.last_error = row.error().message;
      bury(key, std::move(unreadable));
    }
  }
  return rows->size() < kReadMax ? kNever : now;
}

/// Makes what was decided last; what the store does not take now it is asked again.
TimeMs Rounds::commit() {
  const store::Sync sync = decided_ ? store::Sync::yes : store::Sync::no;
  if (!ledger_.commit(sync)) return clock_.now_ms() + plan_->options.retry_min_ms;
  decided_ = false;
  std::move(outcomes_.begin(), outcomes_.end(), std::back_inserter(told_));
  outcomes_.clear();
  return kNever;
}

std::vector<ReceiverState> Rounds::states() const {
  std::vector<ReceiverState> all;
  for (const auto& [name, one] : served_) {
    const Destination* const known = plan_->find(name);
    if (known == nullptr) continue;
    all.push_back(one.state());
    all.back().name = name;
    all.back().channel = known->kind;
  }
  return all;
}

TimeMs Rounds::serve(const std::string& receiver, Served& served) {
  const Destination* const to = plan_->find(receiver);
  if (to == nullptr) {
    clear(receiver, served);
    return kNever;
  }
  const TimeMs now = clock_.now_ms();
  while (served.under_way < kCallsMax) {
    if (served.circuit.opens_at() > now) bury_expired(*to, served);
    const TimeMs due_at =
        std::max({served.queue.due_at(), served.circuit.opens_at(), served.rate.next_at(now)});
    if (due_at > now) return due_at;
    begin(receiver, served, *to);
  }
  return kNever;
}

/// The receiver is not configured any more.
void Rounds::clear(const std::string& receiver, Served& served) {
  while (served.queue.due_at() != kNever) {
    const std::vector<Waiting> gone = served.queue.take(kNever, kTogetherMax);
    for (const Waiting& one : gone) {
      if (one.repeat) {
        ledger_.erase(one.key);
        continue;
      }
      auto row = ledger_.read(one.key);
      Row dead = row && *row ? **std::move(row) : Row{};
      dead.delivery.receiver = receiver;
      dead.delivery.last_error = "the receiver is not configured any more";
      bury(one.key, std::move(dead));
    }
    served.queue.done(gone);
  }
}

/// While nothing is sent, nothing fails; time is over all the same.
void Rounds::bury_expired(const Destination& to, Served& served) {
  for (const Waiting& one : served.queue.expire(clock_.now_ms() - to.give_up_ms)) {
    auto row = ledger_.read(one.key);
    if (!row || !*row) continue;
    Row& dead = **row;
    if (dead.delivery.last_error.empty()) dead.delivery.last_error = served.state().last_error;
    bury(one.key, std::move(dead));
  }
}

void Rounds::begin(const std::string& receiver, Served& served, const Destination& to) {
  Flight flight;
  flight.receiver = receiver;
  flight.plan = plan_;
  flight.to = &to;
  flight.waiting = served.queue.take(clock_.now_ms(), to.channel->groups() ? kTogetherMax : 1);
  if (!load(flight, served) || !join(flight, served)) return;
  const auto request = request_for(flight);
  if (!request) {
    for (std::size_t i = 0; i < flight.rows.size(); ++i) {
      flight.rows[i].delivery.last_error = request.error().message;
      bury(flight.waiting[i].key, std::move(flight.rows[i]));
    }
    served.queue.done(flight.waiting);
    return;
  }
  flight.probe = served.circuit.begin();
  served.rate.take();
  ++served.under_way;
  const std::uint64_t number = next_call_++;
  flights_.emplace(number, std::move(flight));
  calls_.start(number, *request);
}

/// Reads the rows of a flight. False when that is not to be: then it is over.
bool Rounds::load(Flight& flight, Served& served) {
  for (const Waiting& one : flight.waiting) {
    auto row = ledger_.read(one.key);
    if (!row && row.error().code != Errc::corruption) {
      logger_->error("cannot read the outbox: {}", row.error().message);
      served.queue.again(flight.waiting, clock_.now_ms() + plan_->options.retry_min_ms);
      return false;
    }
    if (row && !*row && ledger_.has_changes()) {  // perhaps the store has not taken it yet
      served.queue.again(flight.waiting, clock_.now_ms() + plan_->options.retry_min_ms);
      return false;
    }
    if (!row || !*row) {
      Row unreadable;
      unreadable.delivery.receiver = flight.receiver;
      unreadable.delivery.last_error = row ? "the row is gone" : row.error().message;
      if (!one.repeat) bury(one.key, std::move(unreadable));
      served.queue.done({one});
      std::vector<Waiting> others;
      std::copy_if(flight.waiting.begin(), flight.waiting.end(), std::back_inserter(others),
                   [&one](const Waiting& other) { return other.key != one.key; });
      if (!others.empty()) served.queue.again(others, clock_.now_ms());
      return false;
    }
    flight.rows.push_back(**std::move(row));
    if (!one.repeat) continue;
    Delivery& again = flight.rows.back().delivery;
    again.created_at = again.next_try_at;
    again.id += "-again-" + std::to_string(again.created_at);
    again.attempts = 0;
  }
  return true;
}

/// Settles who goes in one message, for good: a repeat of it must be the same message.
bool Rounds::join(Flight& flight, Served& served) {
  Message& message = flight.message;
  message.id = flight.rows.front().delivery.id;
  if (flight.rows.size() > 1) {
    std::string& settled = flight.waiting.front().message;
    if (settled.empty()) {
      const std::string id = message_id(flight.rows);
      for (std::size_t i = 0; i < flight.rows.size(); ++i) {
        flight.waiting[i].message = flight.rows[i].message = id;
        if (!flight.waiting[i].repeat) ledger_.put(flight.waiting[i].key, flight.rows[i]);
      }
      decided_ = true;
      if (commit() != kNever) {
        served.queue.again(flight.waiting, clock_.now_ms() + plan_->options.retry_min_ms);
        return false;
      }
      served.queue.together(flight.waiting, id);
    }
    message.id = settled;
  } else {
    const Row& row = flight.rows.front();
    const auto told = ledger_.read(told_key(flight.receiver, row.delivery.alert));
    if (told && *told) message.memory = (*told)->memory;
  }
  for (const Row& row : flight.rows) {
    message.created_at = std::max(message.created_at, row.delivery.created_at);
    if (row.alert) message.notices.push_back({event_of(row.delivery.event), *row.alert});
  }
  return true;
}

Result<net::ClientRequest> Rounds::request_for(Flight& flight) const {
  const Row& row = flight.rows.front();
  const TimeMs now = clock_.now_ms();
  if (!flight.message.notices.empty()) return flight.to->channel->request(flight.message, now);
  if (flight.to->webhook == nullptr || row.body.empty()) {
    return Error{Errc::invalid_argument,
                 "it was written by an earlier version, for a webhook only"};
  }
  return webhook::request_for(*flight.to->webhook, flight.to->timeout_ms, row.delivery.id, row.body,
                              now);
}

}  // namespace vitals::notify
