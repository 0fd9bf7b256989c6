#include "replay.h"

#include <algorithm>

namespace vitals::notify {
namespace {

/// In one commit.
constexpr std::size_t kPutBackAtOnce = 256;

std::pair<std::string, std::string> told_of(const Row& row) {
  return {row.delivery.receiver, row.delivery.alert};
}

bool is_end(const Row& row) { return event_of(row.delivery.event) == Event::resolved; }

bool is_wanted(const Row& row, const Replay& replay, const Plan& plan) {
  const Delivery& delivery = row.delivery;
  const bool named = replay.ids.empty() || std::find(replay.ids.begin(), replay.ids.end(),
                                                     delivery.id) != replay.ids.end();
  const bool receives = replay.receiver.empty() || replay.receiver == delivery.receiver;
  return named && receives && !is_action(delivery.receiver) &&
         plan.find(delivery.receiver) != nullptr && (row.alert || !row.body.empty());
}

}  // namespace

Result<Replaying> Replaying::prepare(const store::Store& store, store::Table table,
                                     const Plan& plan, const Replay& replay) {
  const auto snapshot = store.snapshot();
  const auto all = [&](Space space) {
    return rows_between(*snapshot, table, begin_of(space), end_of(space));
  };
  Replaying replaying;
  const auto log = all(Space::log);
  if (!log) return log.error();
  replaying.note_ends(*log);
  if (!log->empty()) replaying.log_end_ = numbered_key(Space::log, number_of(log->back().key) + 1);
  const auto dead = all(Space::dead);
  if (!dead) return dead.error();
  for (const StoredRow& letter : *dead) {
    if (letter.row && is_wanted(*letter.row, replay, plan)) replaying.keys_.push_back(letter.key);
  }
  // What was put back before waits in front of what is put back now.
  const auto put_back = all(Space::put_back);
  if (!put_back) return put_back.error();
  replaying.note_ends(*put_back);
  return replaying;
}

void Replaying::note_ends(const std::vector<StoredRow>& told) {
  for (const StoredRow& stored : told) {
    if (stored.row && is_end(*stored.row)) over_.insert(told_of(*stored.row));
  }
}

Status Replaying::go_on(Ledger& ledger, Rounds& rounds, TimeMs now) {
  // Else a letter that is put back already is found dead once more.
  if (auto status = ledger.commit(store::Sync::yes); !status) return status;
  const auto lately = ledger.from(log_end_, Space::log);
  if (!lately) return lately.error();
  note_ends(*lately);

  std::vector<std::pair<std::string, Row>> rows;
  const std::size_t end = std::min(next_ + kPutBackAtOnce, keys_.size());
  for (; next_ < end; ++next_) {
    const auto letter = ledger.read(keys_[next_]);
    if (!letter) return letter.error();
    if (!*letter) continue;  // somebody else was quicker
    Row row = **letter;
    const Delivery& delivery = row.delivery;
    if (over_.count(told_of(row)) != 0 || rounds.is_ending(delivery.receiver, delivery.alert)) {
      ++replayed_.skipped;
      continue;
    }
    if (is_end(row)) over_.insert(told_of(row));
    row.delivery.state = DeliveryState::waiting;
    row.delivery.next_try_at = row.queued_at = now;
    row.delivery.done_at = 0;
    row.failures = 0;
    row.message.clear();
    const std::string key = ledger.put_back(keys_[next_], row);
    rows.emplace_back(key, std::move(row));
  }
  // What the store does not take now it is asked again.
  Status status = ledger.commit(store::Sync::yes);
  for (const auto& [key, row] : rows) rounds.add(key, row);
  replayed_.queued += rows.size();
  return status;
}

}  // namespace vitals::notify
