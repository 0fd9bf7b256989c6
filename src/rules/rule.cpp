#include <algorithm>

#include <vitals/rules/rule.h>

namespace vitals::rules {
namespace {

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

}  // namespace

bool is_on_history(const Rule& rule) {
  return std::holds_alternative<Deviation>(rule.condition) ||
         std::holds_alternative<Trend>(rule.condition) ||
         std::holds_alternative<BetterVersion>(rule.condition);
}

std::string_view metric_of(const Rule& rule) {
  return std::visit(
      [](const auto& condition) -> std::string_view {
        if constexpr (requires { condition.metric; }) return condition.metric;
        return "";
      },
      rule.condition);
}

metrics::Stat stat_of(const Rule& rule) {
  return std::visit(
      [](const auto& condition) -> metrics::Stat {
        if constexpr (requires { condition.stat; }) return condition.stat;
        return {};
      },
      rule.condition);
}

DurationMs span_of(const Rule& rule) {
  const auto longest = [](const BurnRate& burn_rate) {
    DurationMs span_ms = 0;
    for (const BurnRate::Pair& pair : burn_rate.windows) span_ms = std::max(span_ms, pair.long_ms);
    return span_ms;
  };
  return std::visit(Overload{[](const Absence& absence) { return absence.absent_ms; }, longest,
                             [](const Trend& trend) { return trend.over_ms; },
                             [](const BetterVersion& better) { return better.window_ms; },
                             [&rule](const auto&) { return rule.window_ms; }},
                    rule.condition);
}

std::vector<std::string_view> words_of(const Condition& condition) {
  using Words = std::vector<std::string_view>;
  return std::visit(
      Overload{[](const Threshold&) { return Words{}; }, [](const Absence&) { return Words{}; },
               [](const BurnRate&) {
                 return Words{"long", "short", "objective"};
               },
               [](const Composite&) { return Words{"rules"}; },
               [](const Unhealthy&) { return Words{"why"}; },
               [](const Deviation&) {
                 return Words{"baseline", "change"};
               },
               [](const Trend&) { return Words{"reached_in"}; },
               [](const BetterVersion&) {
                 return Words{"version", "better_version", "interval", "better_interval"};
               }},
      condition);
}

}  // namespace vitals::rules
