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
                           "Feedback, interactions and assessments that were counted, by "
                           "whether their execution was found.",
                           {{"result", result}});
}

}  // namespace

Result<std::unique_ptr<LateJoins>> LateJoins::make(const SpineParts& parts, const Options& options,
                                                   Post post, Append append) {
  auto waiting = WaitingRoom::open(parts, options);
  if (!waiting) return std::move(waiting).error();
  return std::unique_ptr<LateJoins>(
      new LateJoins(parts, options, *std::move(waiting), std::move(post), std::move(append)));
}

LateJoins::LateJoins(const SpineParts& parts, const Options& options, WaitingRoom waiting,
                     Post post, Append append)
    : parts_(parts),
      waiting_(std::move(waiting)),
      post_(std::move(post)),
      append_(std::move(append)),
      distrusted_(options.distrusted_evaluators),
      joined_(counter(parts.telemetry, "joined")),
      unjoined_(counter(parts.telemetry, "unjoined")) {}

void LateJoins::take(std::vector<model::Signal> signals, Intake::SignalsDone done) {
  auto search = std::make_shared<Search>();
  search->done = std::move(done);
  for (model::Signal& signal : signals) {
    signal.distrusted =
        signal.kind == model::RowKind::assessment && distrusted_.count(signal.id) > 0;
    if (waiting_.has(signal)) {
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
  // What was read may be of somebody who has been erased since, and what waited may have been
  // erased, or replaced by what the evaluator said since.
  const bool changed = !search->done && waiting_.leave_waiting(search->signals) > 0;
  if (search->signals.empty()) return;
  const bool stale = changed || search->erasures != erasures_;
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
  waiting_.search_again(search.signals);
}

bool LateJoins::has_come(const Search& search, const std::vector<model::Signal>& missing) const {
  if (parts_.log.end() == search.end) return false;
  const auto leads = parts_.log.suspect(views_of(ids_about(missing)));
  return std::any_of(leads.begin(), leads.end(),
                     [&](const events::Lead& lead) { return lead.end > search.end; });
}

void LateJoins::append(const SearchPtr& search, Joined joined) {
  const auto rest = std::make_shared<Joined>(std::move(joined));
  const auto next = [this, search, rest](const events::BatchOutcome& stored) {
    search->outcome.accepted += stored.accepted;
    search->outcome.duplicates += stored.duplicates;
    if (!search->done) waiting_.forget(rest->rows.signals);
    append_scores(search, rest);
  };
  write(search, std::move(rest->rows.rows), next);
}

void LateJoins::append_scores(const SearchPtr& search, const std::shared_ptr<Joined>& rest) {
  // What was read may be of somebody who was erased while the other rows were written.
  if (search->erasures != erasures_) {
    search->again = std::move(rest->scores.signals);
    return revise(search, rest);
  }
  const auto next = [this, search, rest](const events::BatchOutcome& stored) {
    std::vector<model::Signal>& signals = rest->scores.signals;
    if (stored.duplicates > 0) {
      // Another request was the first to assess one of these executions.
      search->again = std::move(signals);
    } else {
      search->outcome.accepted +=
          static_cast<std::uint32_t>(signals.size()) - rest->known - rest->too_many;
      search->outcome.duplicates += rest->known;
      refuse(*search, rest->too_many);
      end_waiting(*search, signals);
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
    std::vector<model::Signal> settled = signals;
    std::erase_if(settled, [&gone = revised->gone](const model::Signal& signal) {
      return std::find(gone.begin(), gone.end(), signal) != gone.end();
    });
    end_waiting(*search, settled);
    rest->missing.insert(rest->missing.end(), revised->gone.begin(), revised->gone.end());
    finish(search, rest->missing);
  };
  const bool taken =
      parts_.revise && parts_.revise(std::move(rest->revisions), [this, settle](auto revised) {
        post_([settle, revised = std::move(revised)] { settle(revised); });
      });
  if (!taken) fail(*search, {Errc::unavailable, "the log cannot be revised at present"});
}

/// These assessments are in the log: whatever their evaluators said before need not wait.
void LateJoins::end_waiting(const Search& search, const std::vector<model::Signal>& signals) {
  if (search.done) {
    waiting_.forget_older(signals);
  } else {
    waiting_.forget(signals);
  }
}

void LateJoins::refuse(Search& search, std::uint32_t too_many) {
  if (too_many == 0) return;
  search.outcome.refused += too_many;
  search.outcome.why = too_many_evaluators();
}

void LateJoins::finish(const SearchPtr& search, const std::vector<model::Signal>& missing) {
  if (search->done && !waiting_.keep(missing, search->outcome)) search->try_again = true;
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
  std::vector<model::Signal> signals = waiting_.about(rows);
  if (signals.empty()) return;
  auto search = std::make_shared<Search>();
  search->signals = std::move(signals);
  if (start(search)) return;
  fail(*search, {Errc::unavailable, "too many questions wait for the log"});
}

Status LateJoins::forget(const model::Persons& persons) {
  ++erasures_;
  return waiting_.forget(persons);
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
  search->signals = waiting_.take_unsearched(kSearchedMax);
  if (search->signals.empty()) return;
  search_began_us_ = parts_.clock.monotonic_us();
  searching_ = true;
  if (start(search)) return;
  searching_ = false;
  fail(*search, {Errc::unavailable, "too many questions wait for the log"});
}

void LateJoins::give_up(TimeMs now) {
  const auto overdue =
      std::make_shared<const std::vector<registry::WaitingSignal>>(waiting_.overdue(now));
  if (overdue->empty()) return;
  std::vector<Timed> timed;
  for (const registry::WaitingSignal& one : *overdue) timed.push_back({&one.signal, one.since_ms});
  const auto done = [this, overdue](const Result<events::BatchOutcome>& stored) {
    if (!stored) return;
    unjoined_.add(stored->accepted);
    std::vector<model::Signal> counted, known;
    for (const registry::WaitingSignal& one : *overdue) {
      // A row of assessments may have been there already: it is looked for, and revised.
      const bool assessment = one.signal.kind == model::RowKind::assessment;
      (assessment && stored->duplicates > 0 ? known : counted).push_back(one.signal);
    }
    waiting_.search_again(known);
    waiting_.forget(counted);
  };
  if (!append_(unjoined(timed), done)) {
    parts_.logger->warn("signals without an execution wait on: the intake is full");
  }
}

}  // namespace vitals::pipeline
