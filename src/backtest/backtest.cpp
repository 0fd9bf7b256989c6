#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <vitals/backtest/backtest.h>
#include <vitals/base/time_text.h>
#include <vitals/events/log_view.h>
#include <vitals/rules/history.h>

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

Result<DurationMs> step_of(const Request& request, const std::vector<rules::Rule>& rules) {
  const DurationMs range_ms = request.to_ms - request.from_ms;
  if (range_ms <= 0) return Error{Errc::invalid_argument, "from: must be before to"};
  if (request.step_ms == 0) return pace_of(rules, range_ms);
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

events::ScanRequest wanted(const std::vector<rules::Rule>& rules, const window::Windows& windows) {
  events::ScanRequest scan;
  scan.columns = windows.replay_columns();
  // The log reads less where all windows want the same executions.
  if (rules.size() == 1) scan.filters = rules.front().filters;
  return scan;
}

/// The rule of this name and those that it is composed of, it first; none when there is none.
std::vector<rules::Rule> needed(const std::vector<rules::Rule>& rules, const std::string& name) {
  std::vector<std::string> names{name};
  std::vector<rules::Rule> needed;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const rules::Rule& rule) { return rule.name == names[i]; });
    if (found == rules.end()) continue;  // the evaluator says what it misses
    needed.push_back(*found);
    const auto* composite = std::get_if<rules::Composite>(&found->condition);
    if (composite == nullptr) continue;
    for (const std::string& part : composite->rules) {
      if (std::count(names.begin(), names.end(), part) == 0) names.push_back(part);
    }
  }
  return needed;
}

Status check_stored(const std::vector<rules::Rule>& rules) {
  for (const rules::Rule& rule : rules) {
    if (!std::holds_alternative<rules::Unhealthy>(rule.condition)) continue;
    return Error{Errc::unprocessable, "rule '" + rule.name +
                                          "' watches the daemon itself, whose health of the past "
                                          "is not stored"};
  }
  return {};
}

/// Texts of alerts are not looked at, and cost time.
std::vector<rules::Rule> without_texts(std::vector<rules::Rule> rules) {
  for (rules::Rule& rule : rules) rule.annotations.clear();
  return rules;
}

/// Has history read as often as is affordable, and not between evaluations.
std::vector<rules::Rule> paced(std::vector<rules::Rule> rules, DurationMs range_ms,
                               DurationMs step_ms) {
  for (rules::Rule& rule : rules) {
    rule.every_ms = std::max(reading_pace_of(rule, range_ms), step_ms);
  }
  return rules;
}

/// On whole steps, history can be answered from cells.
TimeMs rounded_up(TimeMs time, DurationMs step_ms) {
  return (time + step_ms - 1) / step_ms * step_ms;
}

}  // namespace

Result<Report> run(const Parts& parts, const Request& request) {
  const std::vector<rules::Rule> rules = needed(request.rules, request.rule);
  if (rules.empty()) {
    return Error{Errc::not_found, "there is no rule '" + request.rule + "'"};
  }
  if (auto stored = check_stored(rules); !stored) return std::move(stored).error();
  const auto step = step_of(request, rules);
  if (!step) return step.error();
  const Deadline deadline(parts.clock, request.deadline_ms);
  const auto read_history = [&parts](const rules::Rule& rule, TimeMs now) {
    return rules::read_history(rule, parts.queries, parts.catalogue, now);
  };
  if (auto sound = Replay::make(rules, parts.catalogue, 0, read_history); !sound) {
    return std::move(sound).error();
  }
  auto replay = Replay::make(paced(without_texts(rules), request.to_ms - request.from_ms, *step),
                             parts.catalogue, request.from_ms, read_history);
  if (!replay) return std::move(replay).error();

  const events::LogView view(parts.log, parts.store.snapshot());
  const DurationMs replay_ms = replay->windows().replay_ms();
  const bool on_events = replay_ms > 0;
  auto events =
      OrderedEvents::open(view, wanted(rules, replay->windows()),
                          on_events ? request.from_ms - replay_ms : request.to_ms, request.to_ms);
  if (!events) return std::move(events).error();
  const TimeMs from = on_events ? std::clamp(events->first_ms().value_or(request.from_ms),
                                             request.from_ms, request.to_ms)
                                : std::min(rounded_up(request.from_ms, *step), request.to_ms);
  // Of a long time without events nothing is judged, so what is left can be judged more often.
  const bool chosen = request.step_ms == 0 && on_events && from < request.to_ms;
  const DurationMs every_ms = chosen ? pace_of(rules, request.to_ms - from) : *step;

  Tally tally(rules.front());
  std::uint64_t evaluations = 0;
  for (TimeMs now = from; now <= request.to_ms; now += every_ms) {
    if (auto fed = feed(*replay, *events, now); !fed) return std::move(fed).error();
    for (const model::Alert& alert : replay->evaluate(now)) tally.change(alert, now);
    for (const model::Alert& alert : replay->open()) tally.see(alert);
    ++evaluations;
    if (auto late = deadline.check(); !late) return std::move(late).error();
  }
  Report report = tally.finish(from, request.to_ms);
  report.step_ms = every_ms;
  report.evaluations = evaluations;
  report.events = events->given();
  report.readings = replay->readings();
  report.readings_failed = replay->readings_failed();
  report.failure = replay->last_failure();
  return report;
}

}  // namespace vitals::backtest
