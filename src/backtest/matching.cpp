#include "matching.h"

#include <algorithm>
#include <utility>

namespace vitals::backtest {
namespace {

using model::Alert;

bool has_all(const std::map<std::string, std::string>& texts,
             const std::map<std::string, std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&texts](const auto& want) {
    const auto found = texts.find(want.first);
    return found != texts.end() && found->second == want.second;
  });
}

bool satisfies(const Alert& alert, const ExpectedAlert& expected) {
  return alert.rule == expected.rule && alert.status == expected.status &&
         has_all(alert.labels, expected.labels) && has_all(alert.annotations, expected.annotations);
}

/// Gives each expected alert one of its own, so many as possible: an alert may satisfy several
/// (H. W. Kuhn, The Hungarian Method for the Assignment Problem, 1955: augmenting paths).
class Assignment {
 public:
  static constexpr std::size_t kNobody = ~std::size_t{0};

  Assignment(const std::vector<ExpectedAlert>& expected, const std::vector<const Alert*>& open)
      : expected_(expected), open_(open), owner_(open.size(), kNobody) {}

  /// Whether the i-th expected alert has one now.
  bool place(std::size_t i) {
    std::vector<bool> tried(open_.size());
    return place(i, tried);
  }
  bool taken(std::size_t alert) const { return owner_[alert] != kNobody; }

 private:
  bool place(std::size_t i, std::vector<bool>& tried) {
    for (std::size_t alert = 0; alert < open_.size(); ++alert) {
      if (tried[alert] || !satisfies(*open_[alert], expected_[i])) continue;
      tried[alert] = true;
      if (owner_[alert] == kNobody || place(owner_[alert], tried)) {
        owner_[alert] = i;
        return true;
      }
    }
    return false;
  }

  const std::vector<ExpectedAlert>& expected_;
  const std::vector<const Alert*>& open_;
  std::vector<std::size_t> owner_;
};

}  // namespace

std::optional<Failure> hold_against(const Expectation& expected, const std::vector<Alert>& open) {
  std::vector<const Alert*> relevant;
  for (const Alert& alert : open) {
    if (expected.rule.empty() || alert.rule == expected.rule) relevant.push_back(&alert);
  }
  Assignment assignment(expected.alerts, relevant);
  Failure failure{expected, {}, {}, {}};
  for (std::size_t i = 0; i < expected.alerts.size(); ++i) {
    if (!assignment.place(i)) failure.missing.push_back(expected.alerts[i]);
  }
  for (std::size_t i = 0; i < relevant.size(); ++i) {
    (assignment.taken(i) ? failure.as_expected : failure.unexpected).push_back(*relevant[i]);
  }
  if (failure.missing.empty() && failure.unexpected.empty()) return std::nullopt;
  return failure;
}

}  // namespace vitals::backtest
