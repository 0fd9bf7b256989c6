#include "rounds.h"

#include <algorithm>
#include <utility>

#include "message_id.h"
#include "webhook/message.h"

namespace vitals::notify {
namespace {

/// Of one receiver: enough to hide its latency, few enough for it.
constexpr std::size_t kCallsMax = 8;
/// Lines of one receiver that a round looks at in vain: others wait for its lock.
constexpr std::size_t kPutOffMax = 100;
/// Notices in one message.
constexpr std::size_t kTogetherMax = 100;
/// Rows read in one round, so that answers are heard meanwhile.
constexpr std::size_t kReadMax = 1'000;
/// Outcomes of actions are told again at starts for so long.
constexpr DurationMs kOutcomesKeptMs = kDayMs;

}  // namespace

/// The wall clock may have been set since the row was written, by this process or another. So
/// nothing waits longer than it was to wait then, and nothing is too old before it had its chance
/// here.
Waiting Rounds::waiting_of(const std::string& key, const Row& row) const {
  const TimeMs now = clock_.now();
  const Delivery& delivery = row.delivery;
  const TimeMs tried_at = row.tried_at != 0 ? row.tried_at : delivery.created_at;
  const TimeMs decided_at = delivery.done_at != 0 ? delivery.done_at : tried_at;
  const DurationMs wait_ms = std::max<DurationMs>(delivery.next_try_at - decided_at, 0);
  const TimeMs due_at = std::min(clock_.even(delivery.next_try_at), now + wait_ms);

  const Destination* const to = plan_->find(delivery.receiver);
  const DurationMs give_up_ms = to == nullptr ? 0 : to->give_up_ms;
  const DurationMs chance_ms = std::min(plan_->options.retry_max_ms, give_up_ms / 2);
  const TimeMs queued_at =
      std::clamp(clock_.even(row.queued_at), now - (give_up_ms - chance_ms), now);
  return {key, delivery.alert, row.group, row.message, due_at, queued_at, false};
}

Rounds::Rounds(Ledger& ledger, const Clock& clock, net::Calls& calls, Logger logger,
               telemetry::Registry& telemetry, std::uint64_t seed)
    : ledger_(ledger),
      clock_(clock),
      calls_(calls),
      logger_(std::move(logger)),
      telemetry_(telemetry),
      random_(seed),
      heartbeats_(telemetry, logger_) {}

Served& Rounds::served(const std::string& receiver) {
  return served_.try_emplace(receiver, receiver, telemetry_).first->second;
}

void Rounds::use(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  heartbeats_.use(plan_);
  ledger_.keep(plan_->options.log_entries_max);
  for (const auto& [name, destination] : plan_->destinations) {
    served(name).rate.configure(destination.rate_max, destination.rate_per_ms, clock_.now());
  }
}

Status Rounds::resume(std::shared_ptr<const Plan> plan) {
  use(std::move(plan));
  const auto put_back = ledger_.all(Space::put_back);
  if (!put_back) return put_back.error();
  for (const StoredRow& stored : *put_back) {
    if (stored.row) add(stored.key, *stored.row);
  }
  if (auto status = restore_repeats(); !status) return status;
  return restore_outcomes();
}

Status Rounds::restore_outcomes() {
  const auto outcomes = ledger_.all(Space::action);
  if (!outcomes) return outcomes.error();
  for (const auto& [key, row] : *outcomes) {
    if (!row || row->delivery.done_at < clock_.wall_now() - kOutcomesKeptMs) {
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
  next = std::min(next, commit());
  for (auto& [name, one] : served_) one.publish(clock_.now());
  return std::min(clock_.wall(next), heartbeats_.run(clock_.wall_now(), calls_, next_call_));
}

TimeMs Rounds::read_new() {
  const auto rows = ledger_.unread(kReadMax);
  const TimeMs now = clock_.now();
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
  if (!ledger_.commit(sync)) return clock_.now() + plan_->options.retry_min_ms;
  decided_ = false;
  std::move(outcomes_.begin(), outcomes_.end(), std::back_inserter(told_));
  outcomes_.clear();
  return kNever;
}

bool Rounds::is_ending(const std::string& receiver, const std::string& incident) const {
  return std::any_of(flights_.begin(), flights_.end(), [&](const auto& numbered) {
    const Flight& flight = numbered.second;
    if (flight.receiver != receiver) return false;
    return std::any_of(flight.rows.begin(), flight.rows.end(), [&](const Row& row) {
      return row.delivery.alert == incident && event_of(row.delivery.event) == Event::resolved;
    });
  });
}

std::vector<ReceiverState> Rounds::states() const {
  std::vector<ReceiverState> all;
  for (const auto& [name, one] : served_) {
    const Destination* const known = plan_->find(name);
    if (known == nullptr) continue;
    all.push_back(one.state());
    ReceiverState& state = all.back();
    state.name = name;
    state.channel = known->kind;
    state.opens_at = clock_.wall(state.opens_at);
    state.oldest_at = clock_.wall(state.oldest_at);
  }
  return all;
}

TimeMs Rounds::serve(const std::string& receiver, Served& served) {
  const Destination* const to = plan_->find(receiver);
  if (to == nullptr) {
    clear(receiver, served);
    return kNever;
  }
  const TimeMs now = clock_.now();
  std::size_t put_off = 0;
  while (served.under_way < kCallsMax) {
    if (put_off == kPutOffMax) return now;
    if (served.circuit.opens_at() > now) bury_expired(*to, served);
    const TimeMs due_at =
        std::max({served.queue.due_at(), served.circuit.opens_at(), served.rate.next_at(now)});
    if (due_at > now) return due_at;
    const std::size_t before = served.under_way;
    begin(receiver, served, *to);
    if (served.under_way == before) ++put_off;
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
  for (const Waiting& one : served.queue.expire(clock_.now() - to.give_up_ms)) {
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
  flight.waiting = served.queue.take(clock_.now(), to.channel->groups() ? kTogetherMax : 1);
  if (put_off_quiet(flight, served) || !load(flight, served)) return;
  if (put_off_unrouted(flight, served) || !join(flight, served)) return;
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
      served.queue.again(flight.waiting, clock_.now() + plan_->options.retry_min_ms);
      return false;
    }
    if (row && !*row && ledger_.has_changes()) {  // perhaps the store has not taken it yet
      served.queue.again(flight.waiting, clock_.now() + plan_->options.retry_min_ms);
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
      if (!others.empty()) served.queue.again(others, clock_.now());
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
        served.queue.again(flight.waiting, clock_.now() + plan_->options.retry_min_ms);
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
  const TimeMs now = clock_.wall_now();
  if (!flight.message.notices.empty()) return flight.to->channel->request(flight.message, now);
  if (flight.to->webhook == nullptr || row.body.empty()) {
    return Error{Errc::invalid_argument,
                 "it was written by an earlier version, for a webhook only"};
  }
  return webhook::request_for(*flight.to->webhook, flight.to->timeout_ms, row.delivery.id, row.body,
                              now);
}

}  // namespace vitals::notify
