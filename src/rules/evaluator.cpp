#include <algorithm>
#include <optional>
#include <utility>

#include <vitals/rules/evaluator.h>

#include "rule_check.h"
#include "rule_state.h"

namespace vitals::rules {

using model::Alert;

struct Evaluator::State {
  std::vector<Rule> rules;
  std::vector<RuleState> states;                                  ///< one per rule
  std::map<window::WindowId, std::vector<std::size_t>> watchers;  ///< rules by window
  std::vector<Alert> orphans;                                     ///< restored, without a rule
  std::optional<TimeMs> listening_since;
  window::Windows* windows;
  UuidGenerator ids;
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
  const auto ids = uuid_seed == 0 ? UuidGenerator() : UuidGenerator(uuid_seed);
  auto state = std::make_unique<State>(State{std::move(rules), {}, {}, {}, {}, &windows, ids});
  for (const Rule& rule : state->rules) {
    auto made = RuleState::make(rule, catalogue.find(metric_of(rule)));
    if (!made) return std::move(made).error();
    const window::WindowId window = windows.add(made->window_spec());
    state->watchers[window].push_back(state->states.size());
    state->states.push_back(*std::move(made));
  }
  return std::unique_ptr<Evaluator>(new Evaluator(std::move(state)));
}

void Evaluator::listening_since(TimeMs start) { state_->listening_since = start; }

void Evaluator::restore(std::vector<Alert> open) {
  for (Alert& alert : open) {
    const auto state =
        std::find_if(state_->states.begin(), state_->states.end(),
                     [&](const RuleState& s) { return s.rule().name == alert.rule; });
    const bool taken = state != state_->states.end() && state->restore(alert);
    if (!taken) state_->orphans.push_back(std::move(alert));
  }
}

std::vector<Alert> Evaluator::evaluate(TimeMs now) {
  auto& states = state_->states;
  state_->listening_since = std::min(state_->listening_since.value_or(now), now);
  const Moment moment{now, *state_->listening_since, state_->windows->memory_ms()};

  std::vector<std::vector<Alert>> changed(states.size());
  for (const auto& [window, watchers] : state_->watchers) {
    state_->windows->visit(window, now, [&, &rules = watchers](const window::GroupView& group) {
      for (const std::size_t i : rules) states[i].judge(group, moment, state_->ids, changed[i]);
    });
  }
  std::vector<Alert> all;
  for (std::size_t i = 0; i < states.size(); ++i) {
    states[i].judge_unvisited(moment, state_->ids, changed[i]);
    // Whether the window still remembers a group must not show in the order.
    std::sort(changed[i].begin(), changed[i].end(),
              [](const Alert& a, const Alert& b) { return a.labels < b.labels; });
    std::move(changed[i].begin(), changed[i].end(), std::back_inserter(all));
  }
  for (Alert& orphan : std::exchange(state_->orphans, {})) {
    orphan.status = model::AlertStatus::resolved;
    orphan.resolved_at = orphan.updated_at = now;
    all.push_back(std::move(orphan));
  }
  return all;
}

void Evaluator::health(std::map<std::string, std::string>) {}
std::vector<std::size_t> Evaluator::due_history(TimeMs) { return {}; }
void Evaluator::take_history(std::size_t, Result<std::vector<GroupReading>>) {}

std::vector<Alert> Evaluator::open() const {
  std::vector<Alert> open = state_->orphans;
  for (const RuleState& state : state_->states) state.append_open(open);
  return open;
}

const std::vector<Rule>& Evaluator::rules() const { return state_->rules; }

}  // namespace vitals::rules
