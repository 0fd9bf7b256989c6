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
    joins->waiting_[signal.signal.execution_id].emplace(model::row_id(signal.signal),
                                                        Waiting{signal});
    joins->comment_bytes_ += signal.signal.comment.size();
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
    if (is_waiting(signal)) {
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
  search->erasures = erasures_;
  std::optional<std::vector<events::Lead>> leads;
  if (!search->everywhere) leads = parts_.log.suspect(views_of(ids_about(search->signals)));
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
  if (!joined) return fail(*search, joined.error());
  // What was read may be of somebody who has been erased since.
  const bool stale = search->erasures != erasures_;
  if (stale || (search->done && search->tries < kTriesMax && has_come(*search, joined->missing))) {
    if (!start(search)) fail(*search, {Errc::unavailable, "too many questions wait for the log"});
    return;
  }
  append(search, *std::move(joined));
}

/// Who waits already waits on, and is looked for in the whole log again.
void LateJoins::fail(const Search& search, const Error& why) {
  if (search.done) return search.done(why);
  parts_.logger->error("waiting signals could not be joined: {}", why.message);
  for (const model::Signal& signal : search.signals) {
    if (Waiting* waiting = find(signal)) waiting->searched = false;
  }
}

bool LateJoins::has_come(const Search& search, const std::vector<model::Signal>& missing) const {
  if (parts_.log.end() == search.end) return false;
  const auto leads = parts_.log.suspect(views_of(ids_about(missing)));
  return std::any_of(leads.begin(), leads.end(),
                     [&](const events::Lead& lead) { return lead.end > search.end; });
}

/// Has the missing ones wait on stable storage.
void LateJoins::keep(Search& search, const std::vector<model::Signal>& missing) {
  store::WriteBatch changes;
  std::map<std::string, registry::WaitingSignal> fresh;
  std::size_t more = 0;
  std::size_t comment_bytes = comment_bytes_;
  for (const model::Signal& signal : missing) {
    const std::string id = model::row_id(signal);
    const Waiting* known = find(signal);
    const auto before = fresh.find(id);
    if (is_waiting(signal) || before != fresh.end()) {
      ++search.outcome.duplicates;
      // An evaluator's last word counts.
      if (before != fresh.end() && signal.kind == model::RowKind::assessment) {
        before->second.signal = signal;
      }
    } else if (known == nullptr &&
               (waiting_count_ + more >= options_.signals_waiting_max ||
                comment_bytes + signal.comment.size() > options_.comments_waiting_bytes_max)) {
      ++search.outcome.refused;
      search.try_again = true;
      search.outcome.why = "the execution is not known, and too many wait for theirs already";
    } else {
      more += known == nullptr ? 1 : 0;
      comment_bytes += signal.comment.size();
      fresh[id] = {signal, known != nullptr ? known->signal.since_ms : parts_.clock.now_ms()};
    }
  }
  if (fresh.empty()) return;
  for (const auto& [id, signal] : fresh) store_.put(signal, changes);
  const auto count = static_cast<std::uint32_t>(fresh.size());
  if (Status committed = parts_.store.commit(changes, store::Sync::yes); !committed) {
    search.outcome.refused += count;
    search.try_again = true;
    search.outcome.why = "the execution is not known, and what waits could not be stored";
    return;
  }
  search.outcome.accepted += count;
  search.outcome.waiting += count;
  waiting_count_ += more;
  comment_bytes_ = comment_bytes;
  waiting_gauge_.set(static_cast<double>(waiting_count_));
  for (auto& [id, signal] : fresh) {
    waiting_[signal.signal.execution_id].insert_or_assign(id, Waiting{std::move(signal)});
  }
}

void LateJoins::append(const SearchPtr& search, Joined joined) {
  const auto rest = std::make_shared<Joined>(std::move(joined));
  const auto next = [this, search, rest](const events::BatchOutcome& stored) {
    search->outcome.accepted += stored.accepted;
    search->outcome.duplicates += stored.duplicates;
    if (!search->done) forget(rest->rows.signals);
    append_scores(search, rest);
  };
  write(search, std::move(rest->rows.rows), next);
}

void LateJoins::append_scores(const SearchPtr& search, const std::shared_ptr<Joined>& rest) {
  const auto next = [this, search, rest](const events::BatchOutcome& stored) {
    std::vector<model::Signal>& signals = rest->scores.signals;
    if (stored.duplicates > 0) {
      // Another request was the first to assess one of these executions.
      search->again = std::move(signals);
    } else {
      search->outcome.accepted += static_cast<std::uint32_t>(signals.size()) - rest->too_many;
      refuse(*search, rest->too_many);
      if (!search->done) forget(signals);
    }
    revise(search, rest);
  };
  write(search, std::move(rest->scores.rows), next);
}

/// When rows cannot be stored, the request is answered so; what of it is stored already is known
/// when it comes again.
void LateJoins::write(const SearchPtr& search, model::ExecutionBatch rows,
                      std::function<void(const events::BatchOutcome&)> next) {
  if (rows.empty()) return next({});
  const auto done = [this, search,
                     next = std::move(next)](const Result<events::BatchOutcome>& stored) {
    if (!stored) return fail(*search, stored.error());
    joined_.add(stored->accepted);
    next(*stored);
  };
  if (!append_(std::move(rows), done)) {
    fail(*search, {Errc::unavailable, "too many events are waiting to be stored"});
  }
}

void LateJoins::revise(const SearchPtr& search, const std::shared_ptr<Joined>& rest) {
  if (rest->revisions.empty()) return finish(search, rest->missing);
  std::vector<model::Signal> signals;
  for (const Revision& revision : rest->revisions) {
    signals.insert(signals.end(), revision.assessments.begin(), revision.assessments.end());
  }
  const auto settle = [this, search, rest,
                       signals = std::move(signals)](const Result<Revisions>& revised) {
    if (!revised) return fail(*search, revised.error());
    joined_.add(revised->accepted);
    search->outcome.accepted += revised->accepted;
    search->outcome.duplicates += revised->known;
    refuse(*search, revised->too_many);
    if (!search->done) forget(signals);
    rest->missing.insert(rest->missing.end(), revised->gone.begin(), revised->gone.end());
    finish(search, rest->missing);
  };
  const bool taken =
      parts_.revise && parts_.revise(std::move(rest->revisions), [this, settle](auto revised) {
        post_([settle, revised = std::move(revised)] { settle(revised); });
      });
  if (!taken) fail(*search, {Errc::unavailable, "the log cannot be revised at present"});
}

void LateJoins::refuse(Search& search, std::uint32_t too_many) {
  if (too_many == 0) return;
  search.outcome.refused += too_many;
  search.outcome.why =
      "at most " + std::to_string(model::kEvaluatorsMax) + " evaluators may assess one execution";
}

void LateJoins::finish(const SearchPtr& search, const std::vector<model::Signal>& missing) {
  if (search->done) keep(*search, missing);
  if (!search->again.empty()) {
    search->signals = std::exchange(search->again, {});
    if (search->tries >= kTriesMax || !start(search)) {
      fail(*search, {Errc::unavailable, "too many assess the same executions"});
    }
    return;
  }
  if (!search->done) return;
  if (search->outcome.accepted == 0 && search->try_again) {
    return search->done(Error{Errc::unavailable, search->outcome.why});
  }
  search->done(search->outcome);
}

void LateJoins::appended(const model::ExecutionBatch& rows) {
  if (waiting_.empty()) return;
  auto search = std::make_shared<Search>();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto awaited = waiting_.find(rows.ids.at(row));
    if (awaited == waiting_.end()) continue;
    for (const auto& [id, one] : awaited->second) search->signals.push_back(one.signal.signal);
  }
  if (search->signals.empty() || start(search)) return;
  fail(*search, {Errc::unavailable, "too many questions wait for the log"});
}

void LateJoins::forget(const std::vector<model::Signal>& signals) {
  store::WriteBatch changes;
  for (const model::Signal& signal : signals) {
    const auto about = waiting_.find(signal.execution_id);
    if (about == waiting_.end()) continue;
    if (about->second.erase(model::row_id(signal)) > 0) {
      --waiting_count_;
      comment_bytes_ -= signal.comment.size();
    }
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
  ++erasures_;
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
  if (Status committed = parts_.store.commit(changes, store::Sync::yes); !committed) {
    return committed;
  }
  forget(theirs);
  return {};
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
    for (auto& [key, one] : all) {
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
  fail(*search, {Errc::unavailable, "too many questions wait for the log"});
}

void LateJoins::give_up(TimeMs now) {
  std::vector<Timed> signals;
  const auto given_up = std::make_shared<std::vector<model::Signal>>();
  for (const auto& [id, all] : waiting_) {
    for (const auto& [key, one] : all) {
      if (now - one.signal.since_ms < options_.signal_wait_ms) continue;
      signals.push_back({&one.signal.signal, one.signal.since_ms});
      given_up->push_back(one.signal.signal);
    }
  }
  if (signals.empty()) return;
  const bool taken =
      append_(unjoined(signals), [this, given_up](const Result<events::BatchOutcome>& stored) {
        if (!stored) return;
        unjoined_.add(stored->accepted);
        forget(*given_up);
      });
  if (!taken) parts_.logger->warn("signals without an execution wait on: the intake is full");
}

/// Just so: an evaluator may say something else of an execution, which then counts.
bool LateJoins::is_waiting(const model::Signal& signal) {
  const Waiting* known = find(signal);
  return known != nullptr && (signal.kind != model::RowKind::assessment ||
                              known->signal.signal.numbers == signal.numbers);
}

LateJoins::Waiting* LateJoins::find(const model::Signal& signal) {
  const auto about = waiting_.find(signal.execution_id);
  if (about == waiting_.end()) return nullptr;
  const auto one = about->second.find(model::row_id(signal));
  return one == about->second.end() ? nullptr : &one->second;
}

}  // namespace vitals::pipeline
