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
      Overload{[](const Absence&) -> std::string_view { return ""; },
               [](const BurnRate&) -> std::string_view { return ""; },
               [](const Composite&) -> std::string_view { return ""; },
               [](const Unhealthy&) -> std::string_view { return ""; },
               [](const auto& on_metric) -> std::string_view { return on_metric.metric; }},
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
