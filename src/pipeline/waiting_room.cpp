#include "waiting_room.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "join.h"

namespace vitals::pipeline {
namespace {

bool is_assessment(const model::Signal& signal) {
  return signal.kind == model::RowKind::assessment;
}

}  // namespace

Result<WaitingRoom> WaitingRoom::open(const SpineParts& parts, const Options& options) {
  auto store = registry::WaitingSignals::open(parts.store);
  if (!store) return std::move(store).error();
  std::vector<Error> unreadable;
  const auto all = store->all(&unreadable);
  if (!all) return all.error();
  for (const Error& why : unreadable) {
    parts.logger->error("a waiting signal is left out: {}", why.message);
  }
  WaitingRoom room(parts, options, *store);
  for (const registry::WaitingSignal& signal : *all) {
    room.waiting_[signal.signal.execution_id].emplace(model::row_id(signal.signal),
                                                      Waiting{signal});
    room.comment_bytes_ += signal.signal.comment.size();
  }
  room.count_ = all->size();
  room.gauge_->set(static_cast<double>(all->size()));
  return room;
}

WaitingRoom::WaitingRoom(const SpineParts& parts, const Options& options,
                         registry::WaitingSignals store)
    : parts_(&parts),
      options_(&options),
      store_(store),
      gauge_(&parts.telemetry.gauge("vitals_signals_waiting",
                                    "Feedback, interactions and assessments whose execution is "
                                    "not known yet.")) {}

const WaitingRoom::Waiting* WaitingRoom::find(const model::Signal& signal) const {
  const auto about = waiting_.find(signal.execution_id);
  if (about == waiting_.end()) return nullptr;
  const auto one = about->second.find(model::row_id(signal));
  return one == about->second.end() ? nullptr : &one->second;
}

bool WaitingRoom::has(const model::Signal& signal) const {
  const Waiting* known = find(signal);
  if (known == nullptr) return false;
  const model::Signal& other = known->signal.signal;
  return !is_assessment(signal) ||
         (other.numbers == signal.numbers && other.distrusted == signal.distrusted);
}

std::size_t WaitingRoom::assessments_of(const std::string& execution_id, const Fresh& fresh) const {
  const std::string prefix = model::assessments_id(execution_id);
  const auto is_of = [&prefix](const auto& one) { return one.first.starts_with(prefix); };
  const auto first = fresh.lower_bound(prefix);
  auto count = std::distance(first, std::find_if_not(first, fresh.end(), is_of));
  const auto about = waiting_.find(execution_id);
  if (about != waiting_.end()) {
    count += std::count_if(about->second.begin(), about->second.end(), is_of);
  }
  return static_cast<std::size_t>(count);
}

bool WaitingRoom::keep(const std::vector<model::Signal>& signals, SignalsOutcome& outcome) {
  bool all_kept = true;
  Fresh fresh;
  std::size_t more = 0;
  std::size_t comment_bytes = comment_bytes_;
  for (const model::Signal& signal : signals) {
    const std::string id = model::row_id(signal);
    const Waiting* known = find(signal);
    const auto before = fresh.find(id);
    if (has(signal) || before != fresh.end()) {
      ++outcome.duplicates;
      // An evaluator's last word counts.
      if (before != fresh.end() && is_assessment(signal)) before->second.signal = signal;
    } else if (known == nullptr && is_assessment(signal) &&
               assessments_of(signal.execution_id, fresh) >= model::kEvaluatorsMax) {
      ++outcome.refused;
      outcome.why = too_many_evaluators();
    } else if (known == nullptr &&
               (count_ + more >= options_->signals_waiting_max ||
                comment_bytes + signal.comment.size() > options_->comments_waiting_bytes_max)) {
      ++outcome.refused;
      outcome.why = "the execution is not known, and too many wait for theirs already";
      all_kept = false;
    } else {
      more += known == nullptr ? 1 : 0;
      comment_bytes += signal.comment.size();
      fresh[id] = {signal, known != nullptr ? known->signal.since_ms : parts_->clock.now_ms()};
    }
  }
  if (fresh.empty()) return all_kept;
  store::WriteBatch changes;
  for (const auto& [id, signal] : fresh) store_.put(signal, changes);
  const auto count = static_cast<std::uint32_t>(fresh.size());
  if (Status committed = parts_->store.commit(changes, store::Sync::yes); !committed) {
    outcome.refused += count;
    outcome.why = "the execution is not known, and what waits could not be stored";
    return false;
  }
  outcome.accepted += count;
  outcome.waiting += count;
  count_ += more;
  comment_bytes_ = comment_bytes;
  gauge_->set(static_cast<double>(count_));
  for (auto& [id, signal] : fresh) {
    auto& about = waiting_[signal.signal.execution_id];
    about.insert_or_assign(id, Waiting{std::move(signal)});
  }
  return all_kept;
}

void WaitingRoom::erase(const model::Signal& signal, store::WriteBatch& changes) {
  const auto about = waiting_.find(signal.execution_id);
  if (about == waiting_.end() || about->second.erase(model::row_id(signal)) == 0) return;
  --count_;
  comment_bytes_ -= signal.comment.size();
  store_.erase(signal, changes);
  if (about->second.empty()) waiting_.erase(about);
}

void WaitingRoom::commit(const store::WriteBatch& changes) {
  if (changes.empty()) return;
  gauge_->set(static_cast<double>(count_));
  if (Status committed = parts_->store.commit(changes, store::Sync::no); !committed) {
    parts_->logger->warn("waiting signals stay for now: {}", committed.error().message);
  }
}

void WaitingRoom::forget(const std::vector<model::Signal>& signals) {
  store::WriteBatch changes;
  for (const model::Signal& signal : signals) {
    const Waiting* waiting = find(signal);
    if (waiting != nullptr && waiting->signal.signal == signal) erase(signal, changes);
  }
  commit(changes);
}

void WaitingRoom::forget_older(const std::vector<model::Signal>& signals) {
  store::WriteBatch changes;
  for (const model::Signal& signal : signals) {
    if (const Waiting* older = find(signal)) erase(model::Signal(older->signal.signal), changes);
  }
  commit(changes);
}

Status WaitingRoom::forget(const model::Persons& persons) {
  std::vector<model::Signal> theirs;
  store::WriteBatch changes;
  for (const auto& [about, waiters] : waiting_) {
    for (const auto& [id, one] : waiters) {
      const model::Signal& signal = one.signal.signal;
      if (persons.users.count(signal.user) + persons.sessions.count(signal.session) == 0) continue;
      theirs.push_back(signal);
      store_.erase(signal, changes);
    }
  }
  if (theirs.empty()) return {};
  // First on disk: what could not be erased there must be found again.
  if (Status committed = parts_->store.commit(changes, store::Sync::yes); !committed) {
    return committed;
  }
  forget(theirs);
  return {};
}

std::vector<model::Signal> WaitingRoom::about(const model::ExecutionBatch& rows) const {
  std::vector<model::Signal> signals;
  if (waiting_.empty()) return signals;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto awaited = waiting_.find(rows.ids.at(row));
    if (awaited == waiting_.end()) continue;
    for (const auto& [id, one] : awaited->second) signals.push_back(one.signal.signal);
  }
  return signals;
}

std::vector<model::Signal> WaitingRoom::take_unsearched(std::size_t most) {
  std::vector<model::Signal> signals;
  for (auto& [id, all] : waiting_) {
    for (auto& [key, one] : all) {
      if (one.searched || signals.size() == most) continue;
      one.searched = true;
      signals.push_back(one.signal.signal);
    }
  }
  return signals;
}

void WaitingRoom::search_again(const std::vector<model::Signal>& signals) {
  for (const model::Signal& signal : signals) {
    const auto about = waiting_.find(signal.execution_id);
    if (about == waiting_.end()) continue;
    const auto one = about->second.find(model::row_id(signal));
    if (one != about->second.end()) one->second.searched = false;
  }
}

std::size_t WaitingRoom::leave_waiting(std::vector<model::Signal>& signals) const {
  return std::erase_if(signals, [this](const model::Signal& signal) {
    const Waiting* waiting = find(signal);
    return waiting == nullptr || !(waiting->signal.signal == signal);
  });
}

std::vector<registry::WaitingSignal> WaitingRoom::overdue(TimeMs now) const {
  std::vector<registry::WaitingSignal> found;
  const auto due = [&](const auto& one) {
    return now - one.second.signal.since_ms >= options_->signal_wait_ms;
  };
  const auto assesses = [](const auto& one) { return is_assessment(one.second.signal.signal); };
  for (const auto& [id, all] : waiting_) {
    const bool assessed = std::any_of(all.begin(), all.end(),
                                      [&](const auto& one) { return assesses(one) && due(one); });
    for (const auto& one : all) {
      if (due(one) || (assessed && assesses(one))) found.push_back(one.second.signal);
    }
  }
  return found;
}

}  // namespace vitals::pipeline
