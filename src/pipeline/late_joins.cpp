#include "late_joins.h"

#include <algorithm>
#include <utility>

namespace vitals::pipeline {
namespace {

/// Between two looks through the whole log, and so many times as long as one took.
constexpr std::int64_t kSearchEveryUs = 1'000'000;
constexpr std::int64_t kSearchPause = 20;
/// Of one look.
constexpr std::size_t kSearchedMax = 10'000;
/// Between two looks at what has waited too long.
constexpr DurationMs kFarewellEveryMs = 10'000;
/// An execution may come while the log is read for it, but not again and again.
constexpr int kTriesMax = 5;

/// One that is sent again.
bool same(const model::Signal& a, const model::Signal& b) {
  return a.kind == b.kind && a.id == b.id && a.execution_id == b.execution_id;
}

telemetry::Counter& counter(telemetry::Registry& telemetry, const char* result) {
  return telemetry.counter("vitals_signals_total",
                           "Feedback and interactions that were counted, by whether their "
                           "execution was found.",
                           {{"result", result}});
}

}  // namespace

Result<std::unique_ptr<LateJoins>> LateJoins::make(const SpineParts& parts, const Options& options,
                                                   Post post, Append append) {
  auto store = registry::WaitingSignals::open(parts.store);
  if (!store) return std::move(store).error();
  std::vector<Error> unreadable;
  const auto all = store->all(&unreadable);
  if (!all) return all.error();
  for (const Error& why : unreadable) {
    parts.logger->error("a waiting signal is left out: {}", why.message);
  }
  std::unique_ptr<LateJoins> joins(
      new LateJoins(parts, options, *store, std::move(post), std::move(append)));
  for (const registry::WaitingSignal& signal : *all) {
    joins->waiting_[signal.signal.execution_id].push_back({signal});
  }
  joins->waiting_count_ = all->size();
  joins->waiting_gauge_.set(static_cast<double>(all->size()));
  return joins;
}

LateJoins::LateJoins(const SpineParts& parts, const Options& options,
                     registry::WaitingSignals store, Post post, Append append)
    : parts_(parts),
      options_(options),
      store_(store),
      post_(std::move(post)),
      append_(std::move(append)),
      joined_(counter(parts.telemetry, "joined")),
      unjoined_(counter(parts.telemetry, "unjoined")),
      waiting_gauge_(
          parts.telemetry.gauge("vitals_signals_waiting",
                                "Feedback and interactions whose execution is not known yet.")) {}

void LateJoins::take(std::vector<model::Signal> signals, Intake::SignalsDone done) {
  auto search = std::make_shared<Search>();
  search->done = std::move(done);
  for (model::Signal& signal : signals) {
    if (find(signal) != nullptr) {
      ++search->outcome.duplicates;
    } else {
      search->signals.push_back(std::move(signal));
    }
  }
  if (search->signals.empty()) return search->done(search->outcome);
  if (!start(search)) {
    search->done(Error{Errc::unavailable, "too many questions wait for the log"});
  }
}

bool LateJoins::start(const SearchPtr& search) {
  ++search->tries;
  std::optional<std::vector<events::Lead>> leads;
  if (!search->everywhere) leads = parts_.log.suspect(execution_ids(search->signals));
  search->end = parts_.log.end();
  const auto view = std::make_shared<events::LogView>(parts_.log, parts_.store.snapshot());
  auto work = [this, search, view, leads = std::move(leads)] {
    auto joined = std::make_shared<Result<Joined>>(join(*view, search->signals, leads));
    post_([this, search, joined] { settle(search, std::move(*joined)); });
  };
  if (parts_.run_elsewhere) return parts_.run_elsewhere(std::move(work));
  work();
  return true;
}

void LateJoins::settle(const SearchPtr& search, Result<Joined> joined) {
  if (search->everywhere) {
    searching_ = false;
    const std::int64_t now_us = parts_.clock.monotonic_us();
    next_search_us_ = now_us + std::max(kSearchEveryUs, kSearchPause * (now_us - search_began_us_));
  }
  if (!joined) {
    parts_.logger->error("signals could not be joined: {}", joined.error().message);
    if (search->done) search->done(joined.error());
    return;
  }
  if (search->done && search->tries < kTriesMax && has_come(*search, joined->missing) &&
      start(search)) {
    return;
  }
  if (search->done) {
    if (Status kept = keep(*search, std::move(joined->missing)); !kept) {
      return search->done(std::move(kept).error());
    }
  }
  append(search, *std::move(joined));
}

bool LateJoins::has_come(const Search& search, const std::vector<model::Signal>& missing) const {
  const auto leads = parts_.log.suspect(execution_ids(missing));
  return std::any_of(leads.begin(), leads.end(),
                     [&](const events::Lead& lead) { return lead.end > search.end; });
}

Status LateJoins::keep(Search& search, std::vector<model::Signal> missing) {
  store::WriteBatch changes;
  std::vector<Waiting> fresh;
  for (model::Signal& signal : missing) {
    const bool twice = std::any_of(fresh.begin(), fresh.end(), [&](const Waiting& one) {
      return same(one.signal.signal, signal);
    });
    if (twice || find(signal) != nullptr) {
      ++search.outcome.duplicates;
      continue;
    }
    fresh.push_back({{std::move(signal), parts_.clock.now_ms()}});
    store_.put(fresh.back().signal, changes);
  }
  if (fresh.empty()) return {};
  if (waiting_count_ + fresh.size() > options_.signals_waiting_max) {
    return Error{Errc::unavailable, "too many signals wait for executions that are not known"};
  }
  if (Status committed = parts_.store.commit(changes, store::Sync::yes); !committed) {
    return committed;
  }
  const auto count = static_cast<std::uint32_t>(fresh.size());
  search.outcome.accepted += count;
  search.outcome.waiting += count;
  waiting_count_ += count;
  waiting_gauge_.set(static_cast<double>(waiting_count_));
  for (Waiting& one : fresh) {
    waiting_[one.signal.signal.execution_id].push_back(std::move(one));
  }
  return {};
}

void LateJoins::append(const SearchPtr& search, Joined joined) {
  if (joined.rows.empty()) {
    if (search->done) search->done(search->outcome);
    return;
  }
  const auto found = std::make_shared<std::vector<model::Signal>>(std::move(joined.found));
  const auto done = [this, search, found](const Result<events::BatchOutcome>& stored) {
    if (!stored) {
      if (search->done) search->done(stored.error());
      return;
    }
    joined_.add(stored->accepted);
    if (!search->done) return forget(*found);
    search->outcome.accepted += stored->accepted;
    search->outcome.duplicates += stored->duplicates;
    search->done(search->outcome);
  };
  if (!append_(std::move(joined.rows), done)) {
    done(Error{Errc::unavailable, "too many events are waiting to be stored"});
  }
}

void LateJoins::appended(const model::ExecutionBatch& rows) {
  if (waiting_.empty()) return;
  auto search = std::make_shared<Search>();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto awaited = waiting_.find(rows.ids.at(row));
    if (awaited == waiting_.end()) continue;
    for (const Waiting& one : awaited->second) search->signals.push_back(one.signal.signal);
  }
  if (search->signals.empty() || start(search)) return;
  // Nobody is free to look: they are looked for in the whole log, soon.
  for (const model::Signal& signal : search->signals) find(signal)->searched = false;
}

void LateJoins::forget(const std::vector<model::Signal>& signals) {
  store::WriteBatch changes;
  for (const model::Signal& signal : signals) {
    const auto about = waiting_.find(signal.execution_id);
    if (about == waiting_.end()) continue;
    waiting_count_ -= std::erase_if(
        about->second, [&](const Waiting& one) { return same(one.signal.signal, signal); });
    if (about->second.empty()) waiting_.erase(about);
    store_.erase(signal, changes);
  }
  waiting_gauge_.set(static_cast<double>(waiting_count_));
  // Not synced: what comes back after a crash is found again, and known as a duplicate.
  if (Status committed = parts_.store.commit(changes, store::Sync::no); !committed) {
    parts_.logger->warn("waiting signals stay for now: {}", committed.error().message);
  }
}

Status LateJoins::forget(const model::Persons& persons) {
  store::WriteBatch changes;
  const auto theirs = [&](const Waiting& one) {
    const model::Signal& signal = one.signal.signal;
    const bool is = persons.users.count(signal.user) + persons.sessions.count(signal.session) > 0;
    if (is) store_.erase(signal, changes);
    return is;
  };
  for (auto& [id, all] : waiting_) waiting_count_ -= std::erase_if(all, theirs);
  std::erase_if(waiting_, [](const auto& about) { return about.second.empty(); });
  waiting_gauge_.set(static_cast<double>(waiting_count_));
  return changes.empty() ? Status() : parts_.store.commit(changes, store::Sync::yes);
}

void LateJoins::tick(TimeMs now) {
  if (waiting_.empty()) return;
  if (!searching_ && parts_.clock.monotonic_us() >= next_search_us_) search_everywhere();
  if (now < next_farewell_ && now + kFarewellEveryMs >= next_farewell_) return;
  next_farewell_ = now + kFarewellEveryMs;
  give_up(now);
}

void LateJoins::search_everywhere() {
  auto search = std::make_shared<Search>();
  search->everywhere = true;
  for (auto& [id, all] : waiting_) {
    for (Waiting& one : all) {
      if (one.searched || search->signals.size() == kSearchedMax) continue;
      one.searched = true;
      search->signals.push_back(one.signal.signal);
    }
  }
  if (search->signals.empty()) return;
  search_began_us_ = parts_.clock.monotonic_us();
  searching_ = true;
  if (start(search)) return;
  searching_ = false;
  for (const model::Signal& signal : search->signals) find(signal)->searched = false;
}

void LateJoins::give_up(TimeMs now) {
  std::vector<const model::Signal*> signals;
  std::vector<TimeMs> times;
  const auto given_up = std::make_shared<std::vector<model::Signal>>();
  for (const auto& [id, all] : waiting_) {
    for (const Waiting& one : all) {
      if (now - one.signal.since_ms < options_.signal_wait_ms) continue;
      signals.push_back(&one.signal.signal);
      times.push_back(one.signal.since_ms);
      given_up->push_back(one.signal.signal);
    }
  }
  if (signals.empty()) return;
  const bool taken = append_(unjoined(signals, times),
                             [this, given_up](const Result<events::BatchOutcome>& stored) {
                               if (!stored) return;
                               unjoined_.add(stored->accepted);
                               forget(*given_up);
                             });
  if (!taken) parts_.logger->warn("signals without an execution wait on: the intake is full");
}

LateJoins::Waiting* LateJoins::find(const model::Signal& signal) {
  const auto about = waiting_.find(signal.execution_id);
  if (about == waiting_.end()) return nullptr;
  const auto one =
      std::find_if(about->second.begin(), about->second.end(),
                   [&](const Waiting& waiting) { return same(waiting.signal.signal, signal); });
  return one == about->second.end() ? nullptr : &*one;
}

}  // namespace vitals::pipeline
