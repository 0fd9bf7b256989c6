#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include <vitals/rules/evaluator.h>

#include "composites.h"
#include "history_answers.h"
#include "rule_check.h"
#include "rule_state.h"

namespace vitals::rules {

using model::Alert;

namespace {

/// What takes no longer is no outage.
constexpr DurationMs kRestartMs = 60'000;

/// A window that a rule watches, and what of it: for a burn rate, which of its windows it is.
struct Watcher {
  std::size_t rule;
  std::size_t pair = 0;
  bool is_short = false;
};

/// What an evaluation has found out so far.
struct Findings {
  Moment moment;
  std::size_t room;                                                   ///< for changes
  std::vector<std::vector<Alert>> changed;                            ///< by rule
  std::vector<std::map<Labels, std::vector<PairOutcomes>>> outcomes;  ///< by rule of burn rate
  std::vector<bool> ungrouped_seen;                                   ///< by rule of absence
};

using Fields = std::vector<std::string>;

/// The other rules that a composite rule names; none of any other.
std::vector<std::size_t> parts_of(const Rule& rule, const std::vector<Rule>& rules) {
  std::vector<std::size_t> parts;
  const auto* composite = std::get_if<Composite>(&rule.condition);
  if (composite == nullptr) return parts;
  for (const std::string& name : composite->rules) {
    const auto part = std::find_if(rules.begin(), rules.end(),
                                   [&name](const Rule& other) { return other.name == name; });
    parts.push_back(static_cast<std::size_t>(part - rules.begin()));
  }
  return parts;
}

}  // namespace

struct Evaluator::State {
  std::vector<Rule> rules;
  std::vector<RuleState> states;                ///< one per rule
  std::vector<std::size_t> order;               ///< composites after their parts
  std::vector<std::vector<std::size_t>> parts;  ///< of composites, by rule
  std::map<window::WindowId, std::vector<Watcher>> watchers;
  HistoryAnswers history;
  std::vector<Alert> orphans;  ///< restored, without a rule
  std::optional<std::map<std::string, std::string>> unwell;
  std::optional<TimeMs> listening_since;
  TimeMs outage_until = 0;
  std::size_t changes_max = SIZE_MAX;
  bool has_more = false;
  window::Windows* windows;
  UuidGenerator ids;

  State(std::vector<Rule> given, std::vector<std::size_t> judged, window::Windows& to_watch,
        std::uint64_t uuid_seed)
      : rules(std::move(given)),
        order(std::move(judged)),
        history(rules),
        windows(&to_watch),
        ids(uuid_seed == 0 ? UuidGenerator() : UuidGenerator(uuid_seed)) {
    for (const Rule& rule : rules) parts.push_back(parts_of(rule, rules));
  }

  Status make_states(const metrics::Catalogue& catalogue);
  void watch(std::size_t i);
  void watch(DurationMs window_ms, const metrics::Needs& needs, bool remember, Watcher watcher);
  void look(const window::GroupView& group, const Watcher& watcher, Findings& findings);
  void take(std::size_t i, const Labels& group, const Reading& reading, Findings& findings) {
    states[i].take(group, reading, findings.moment, {ids, findings.changed[i], findings.room});
  }
  void take_all(std::size_t i, const std::vector<GroupReading>& readings, Findings& findings) {
    for (const GroupReading& read : readings) take(i, read.group, read.reading, findings);
    take_others(
        i, [](const Alert&) { return Reading{}; }, findings);
  }
  template <class Read>
  void take_others(std::size_t i, const Read& read, Findings& findings) {
    states[i].take_others(read, findings.moment, {ids, findings.changed[i], findings.room});
  }

  void judge(std::size_t i, const Threshold& threshold, Findings& findings);
  void judge(std::size_t i, const Absence& absence, Findings& findings);
  void judge(std::size_t i, const BurnRate& burn_rate, Findings& findings);
  void judge(std::size_t i, const Composite& composite, Findings& findings);
  void judge(std::size_t i, const Unhealthy& unhealthy, Findings& findings);
  /// On history.
  template <class OnHistory>
  void judge(std::size_t i, const OnHistory&, Findings& findings) {
    const auto* answer = history.last(i);
    if (answer == nullptr) return;
    for (const GroupReading& read : *answer) take(i, read.group, read.reading, findings);
    // Of a group that had nothing now or then it is not known that it is well.
    Reading unknown;
    unknown.clears = false;
    take_others(
        i, [&unknown](const Alert&) { return unknown; }, findings);
  }
};

Evaluator::Evaluator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Evaluator::~Evaluator() = default;

Result<std::unique_ptr<Evaluator>> Evaluator::make(std::vector<Rule> rules,
                                                   const metrics::Catalogue& catalogue,
                                                   window::Windows& windows,
                                                   std::uint64_t uuid_seed) {
  if (auto status = check_rules(rules, catalogue, windows.memory_ms()); !status) {
    return std::move(status).error();
  }
  auto order = judging_order(rules);
  if (!order) return std::move(order).error();
  auto state = std::make_unique<State>(std::move(rules), *std::move(order), windows, uuid_seed);
  if (auto made = state->make_states(catalogue); !made) return std::move(made).error();
  for (std::size_t i = 0; i < state->rules.size(); ++i) state->watch(i);
  return std::unique_ptr<Evaluator>(new Evaluator(std::move(state)));
}

Status Evaluator::State::make_states(const metrics::Catalogue& catalogue) {
  std::vector<Fields> fields(rules.size());
  for (const std::size_t i : order) {
    std::vector<Fields> of_parts;
    for (const std::size_t part : parts[i]) of_parts.push_back(fields[part]);
    fields[i] = group_fields(rules[i], of_parts);
    if (auto sound = check_fields(rules[i], fields[i], of_parts); !sound) return sound;
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    auto made = RuleState::make(rules[i], catalogue.find(metric_of(rules[i])), fields[i]);
    if (!made) return std::move(made).error();
    states.push_back(*std::move(made));
  }
  return {};
}

void Evaluator::State::watch(DurationMs window_ms, const metrics::Needs& needs, bool remember,
                             Watcher watcher) {
  const Rule& rule = rules[watcher.rule];
  watchers[windows->add({rule.filters, rule.group_by, window_ms, needs, remember})].push_back(
      watcher);
}

void Evaluator::State::watch(std::size_t i) {
  const Rule& rule = rules[i];
  if (const auto* threshold = std::get_if<Threshold>(&rule.condition)) {
    watch(rule.window_ms, states[i].metric()->needs(threshold->stat), false, {i});
  } else if (const auto* absence = std::get_if<Absence>(&rule.condition)) {
    watch(absence->absent_ms, {}, true, {i});
  } else if (const auto* burn_rate = std::get_if<BurnRate>(&rule.condition)) {
    for (std::size_t pair = 0; pair < burn_rate->windows.size(); ++pair) {
      watch(burn_rate->windows[pair].long_ms, {}, false, {i, pair, false});
      watch(burn_rate->windows[pair].short_ms, {}, false, {i, pair, true});
    }
  }
}

void Evaluator::listening_since(TimeMs start) { state_->listening_since = start; }
void Evaluator::changes_at_most(std::size_t most) { state_->changes_max = most; }
bool Evaluator::has_more() const { return state_->has_more; }

void Evaluator::restore(std::vector<Alert> open, TimeMs evaluated_at) {
  const TimeMs since = state_->listening_since.value_or(evaluated_at);
  if (since - evaluated_at > kRestartMs) state_->outage_until = since;
  for (Alert& alert : open) {
    const auto state =
        std::find_if(state_->states.begin(), state_->states.end(),
                     [&](const RuleState& s) { return s.rule().name == alert.rule; });
    const bool taken = state != state_->states.end() &&
                       state->restore(alert, since - std::max(evaluated_at, alert.updated_at));
    if (!taken) state_->orphans.push_back(std::move(alert));
  }
}

std::vector<Alert> Evaluator::evaluate(TimeMs now) {
  State& s = *state_;
  const std::size_t count = s.rules.size();
  s.listening_since = std::min(s.listening_since.value_or(now), now);
  Findings findings{{now, *s.listening_since, s.windows->memory_ms(), s.outage_until},
                    s.changes_max,
                    std::vector<std::vector<Alert>>(count),
                    std::vector<std::map<Labels, std::vector<PairOutcomes>>>(count),
                    std::vector<bool>(count)};
  for (const auto& [window, watchers] : s.watchers) {
    s.windows->visit(window, now, [&, &all = watchers](const window::GroupView& group) {
      for (const Watcher& watcher : all) s.look(group, watcher, findings);
    });
  }
  for (const std::size_t i : s.order) {
    std::visit([&](const auto& condition) { s.judge(i, condition, findings); },
               s.rules[i].condition);
  }
  s.has_more = findings.room == 0;
  const auto by_labels = [](const Alert& a, const Alert& b) { return a.labels < b.labels; };
  std::vector<Alert> all;
  for (std::vector<Alert>& changed : findings.changed) {
    // Whether the window still remembers a group must not show in the order.
    if (!std::is_sorted(changed.begin(), changed.end(), by_labels)) {
      std::sort(changed.begin(), changed.end(), by_labels);
    }
    all.insert(all.end(), std::make_move_iterator(changed.begin()),
               std::make_move_iterator(changed.end()));
  }
  for (Alert& orphan : std::exchange(s.orphans, {})) {
    orphan.status = model::AlertStatus::resolved;
    orphan.resolved_at = orphan.updated_at = now;
    all.push_back(std::move(orphan));
  }
  return all;
}

void Evaluator::State::look(const window::GroupView& group, const Watcher& watcher,
                            Findings& findings) {
  const std::size_t i = watcher.rule;
  const Rule& rule = rules[i];
  if (const auto* threshold = std::get_if<Threshold>(&rule.condition)) {
    if (group.cell.counts.executions == 0) return;  // as a group that is forgotten
    take(i, group.labels, read_threshold(rule, *threshold, *states[i].metric(), group.cell),
         findings);
  } else if (const auto* absence = std::get_if<Absence>(&rule.condition)) {
    if (group.labels.empty()) findings.ungrouped_seen[i] = true;
    take(i, group.labels,
         read_absence(*absence, group.last_event_ms, states[i].open(group.labels), findings.moment),
         findings);
  } else if (const auto* burn_rate = std::get_if<BurnRate>(&rule.condition)) {
    auto& pairs = findings.outcomes[i][group.labels];
    pairs.resize(burn_rate->windows.size());
    PairOutcomes& pair = pairs[watcher.pair];
    const metrics::Counts& counts = group.cell.counts;
    (watcher.is_short ? pair.short_window : pair.long_window) = {counts.errors,
                                                                 counts.successes + counts.errors};
  }
}

void Evaluator::State::judge(std::size_t i, const Threshold&, Findings& findings) {
  const Reading nothing = read_empty_window(rules[i].window_ms, findings.moment);
  take_others(
      i, [&nothing](const Alert&) { return Reading(nothing); }, findings);
}

void Evaluator::State::judge(std::size_t i, const Absence& absence, Findings& findings) {
  const Moment& moment = findings.moment;
  const bool grouped = !rules[i].group_by.empty();
  if (!grouped && !findings.ungrouped_seen[i] && !states[i].any_open()) {
    take(i, {}, read_absence(absence, 0, nullptr, moment), findings);
  }
  const auto read = [&](const Alert& open) {
    const bool retired = grouped && moment.now - open.pending_since >= moment.memory_ms;
    return retired ? Reading{} : read_absence(absence, 0, &open, moment);
  };
  take_others(i, read, findings);
}

void Evaluator::State::judge(std::size_t i, const BurnRate& burn_rate, Findings& findings) {
  for (const auto& [group, pairs] : findings.outcomes[i]) {
    take(i, group, read_burn_rate(rules[i], burn_rate, pairs), findings);
  }
  const Reading nothing = read_empty_window(burn_rate.windows[0].short_ms, findings.moment);
  take_others(
      i, [&nothing](const Alert&) { return Reading(nothing); }, findings);
}

void Evaluator::State::judge(std::size_t i, const Composite& composite, Findings& findings) {
  std::vector<const RuleState*> of;
  for (const std::size_t part : parts[i]) of.push_back(&states[part]);
  take_all(i, compose(composite, states[i].group_fields(), of), findings);
}

void Evaluator::State::judge(std::size_t i, const Unhealthy& unhealthy, Findings& findings) {
  if (!unwell) return;
  std::vector<GroupReading> readings;
  for (const std::string& component : unhealthy.components) {
    const auto found = unwell->find(component);
    if (found == unwell->end()) continue;
    readings.push_back({{{"component", component}}, {true, false, {}, {}, {}, 0, {}}});
    readings.back().reading.words.emplace("why", found->second);
  }
  take_all(i, readings, findings);
}

void Evaluator::health(std::map<std::string, std::string> unwell) {
  state_->unwell = std::move(unwell);
}

std::vector<std::size_t> Evaluator::due_history(TimeMs now) { return state_->history.due(now); }

void Evaluator::take_history(std::size_t rule, Result<std::vector<GroupReading>> answer) {
  state_->history.take(rule, std::move(answer));
}

std::vector<Alert> Evaluator::open() const {
  std::vector<Alert> open = state_->orphans;
  for (const RuleState& state : state_->states) state.append_open(open);
  return open;
}

std::vector<LiveValue> Evaluator::live_values() const {
  std::vector<LiveValue> values;
  for (const RuleState& state : state_->states) state.append_values(values);
  return values;
}

const std::vector<Rule>& Evaluator::rules() const { return state_->rules; }

}  // namespace vitals::rules
