#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <vitals/backtest/backtest.h>
#include <vitals/base/time_text.h>
#include <vitals/events/log_view.h>

#include "ordered_events.h"
#include "pace.h"
#include "replay.h"
#include "tally.h"

namespace vitals::backtest {
namespace {

class Deadline {
 public:
  Deadline(const Clock& clock, DurationMs length_ms)
      : clock_(clock), length_ms_(length_ms), end_us_(clock.monotonic_us() + length_ms * 1'000) {}

  Status check() const {
    if (clock_.monotonic_us() < end_us_) return {};
    return Error{Errc::deadline_exceeded, "the back-test took longer than " +
                                              format_duration(length_ms_) +
                                              "; ask for a shorter range or a longer step"};
  }

 private:
  const Clock& clock_;
  const DurationMs length_ms_;
  const std::int64_t end_us_;
};

Result<DurationMs> step_of(const Request& request) {
  const DurationMs range_ms = request.to_ms - request.from_ms;
  if (range_ms <= 0) return Error{Errc::invalid_argument, "from: must be before to"};
  if (request.step_ms == 0) return pace_of(request.rules, range_ms);
  if (range_ms / request.step_ms <= kEvaluationsMax) return request.step_ms;
  return Error{Errc::invalid_argument, "step: " + format_duration(request.step_ms) +
                                           " would be more than " +
                                           std::to_string(kEvaluationsMax) + " evaluations"};
}

/// Applies everything up to `now`.
Status feed(Replay& replay, OrderedEvents& events, TimeMs now) {
  model::ExecutionBatch batch;
  while (true) {
    const auto more = events.next(now, batch);
    if (!more) return more.error();
    if (!*more) return {};
    replay.apply(batch, now);
  }
}

events::ScanRequest wanted(const Request& request, const window::Windows& windows) {
  events::ScanRequest scan;
  scan.columns = windows.replay_columns();
  // The log reads less where all windows want the same executions.
  if (request.rules.size() == 1) scan.filters = request.rules.front().filters;
  return scan;
}

/// Texts of alerts are not looked at, and cost time.
std::vector<rules::Rule> without_texts(std::vector<rules::Rule> rules) {
  for (rules::Rule& rule : rules) rule.annotations.clear();
  return rules;
}

}  // namespace

Result<Report> run(const Parts& parts, const Request& request) {
  const auto rule =
      std::find_if(request.rules.begin(), request.rules.end(),
                   [&](const rules::Rule& other) { return other.name == request.rule; });
  if (rule == request.rules.end()) {
    return Error{Errc::not_found, "there is no rule '" + request.rule + "'"};
  }
  const auto step = step_of(request);
  if (!step) return step.error();
  const Deadline deadline(parts.clock, request.deadline_ms);
  auto replay = Replay::make(without_texts(request.rules), parts.catalogue, request.from_ms);
  if (!replay) return std::move(replay).error();

  const events::LogView view(parts.log, parts.store.snapshot());
  auto events = OrderedEvents::open(view, wanted(request, replay->windows()),
                                    request.from_ms - replay->windows().replay_ms(), request.to_ms);
  if (!events) return std::move(events).error();
  const TimeMs from =
      std::clamp(events->first_ms().value_or(request.to_ms), request.from_ms, request.to_ms);

  Tally tally(*rule);
  std::uint64_t evaluations = 0;
  for (TimeMs now = from; now <= request.to_ms; now += *step) {
    if (auto fed = feed(*replay, *events, now); !fed) return std::move(fed).error();
    for (const model::Alert& alert : replay->evaluate(now)) tally.change(alert, now);
    for (const model::Alert& alert : replay->open()) tally.see(alert);
    ++evaluations;
    if (auto late = deadline.check(); !late) return std::move(late).error();
  }
  Report report = tally.finish(from, request.to_ms);
  report.step_ms = *step;
  report.evaluations = evaluations;
  report.events = events->given();
  return report;
}

}  // namespace vitals::backtest
