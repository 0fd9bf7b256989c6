// Open incidents that are told again and again: a part of Rounds.
#include <algorithm>
#include <iterator>
#include <utility>

#include "rounds.h"

namespace vitals::notify {
namespace {

/// A repeat that nobody wants at present is looked at again so much later.
constexpr DurationMs kPutOffMs = 60'000;

}  // namespace

DurationMs Rounds::repeat_ms(const Row& row, const Channel& channel) {
  const Event event = event_of(row.delivery.event);
  if (event == Event::resolved) return 0;
  const DurationMs nagging = event == Event::acknowledged ? 0 : row.repeat_ms;
  const DurationMs refresh = channel.refresh_ms();
  if (nagging == 0 || refresh == 0) return std::max(nagging, refresh);
  return std::min(nagging, refresh);
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

/// Keeps of an open incident what is needed for its next message, or to tell it again.
void Rounds::remember(Row row, const Destination& to, std::string memory, Served& served) {
  if (is_action(row.delivery.receiver)) return;
  const std::string key = told_key(row.delivery.receiver, row.delivery.alert);
  const DurationMs after_ms = repeat_ms(row, *to.channel);
  const bool over = event_of(row.delivery.event) == Event::resolved;
  if (over || (after_ms == 0 && memory.empty())) {
    ledger_.erase(key);
    served.queue.drop_repeat(row.delivery.alert);
    return;
  }
  const std::size_t again = row.delivery.id.find("-again-");
  row.delivery.id.resize(std::min(again, row.delivery.id.size()));
  row.delivery.state = DeliveryState::delivered;
  row.delivery.done_at = clock_.wall_now();
  row.delivery.next_try_at = after_ms == 0 ? 0 : row.delivery.done_at + after_ms;
  row.memory = std::move(memory);
  row.message.clear();
  ledger_.put(key, row);
  served.queue.drop_repeat(row.delivery.alert);
  if (after_ms == 0) return;
  Waiting repeat = waiting_of(key, row);
  repeat.repeat = true;
  served.queue.add(std::move(repeat));
}

/// While an incident is kept quiet its repeats wait. The others of their line have their turn anew.
/// What refreshes goes on: it tells nobody, and without it the receiver took the incident as over.
bool Rounds::put_off_quiet(const Flight& flight, Served& served) {
  if (flight.to->channel->refresh_ms() != 0) return false;
  std::vector<Waiting> quiet;
  std::copy_if(flight.waiting.begin(), flight.waiting.end(), std::back_inserter(quiet),
               [this](const Waiting& one) { return one.repeat && quiet_.has(one.incident); });
  if (quiet.empty()) return false;
  served.queue.again(quiet, clock_.now() + kPutOffMs);
  return true;
}

/// A reload may have moved routes elsewhere: the receiver then hears of the end, and no repeats.
bool Rounds::put_off_unrouted(const Flight& flight, Served& served) {
  std::vector<Waiting> unrouted;
  for (std::size_t i = 0; i < flight.waiting.size(); ++i) {
    const Row& row = flight.rows[i];
    if (!flight.waiting[i].repeat || !row.alert) continue;
    if (is_routed(plan_->options.routes, *row.alert, flight.receiver, clock_.wall_now())) continue;
    unrouted.push_back(flight.waiting[i]);
  }
  if (unrouted.empty()) return false;
  served.queue.again(unrouted, clock_.now() + kPutOffMs);
  return true;
}

}  // namespace vitals::notify
