#include "words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <vitals/base/number_text.h>
#include <vitals/base/time_text.h>
#include <vitals/insight/causes.h>

namespace vitals::insight {
namespace {

using analytics::Effect;
using analytics::Explanation;

struct Unit {
  DurationMs length_ms;
  std::string_view one;
  std::string_view many;
};
constexpr std::array<Unit, 4> kUnits{{{86'400'000, "day", "days"},
                                      {3'600'000, "hour", "hours"},
                                      {60'000, "minute", "minutes"},
                                      {1'000, "second", "seconds"}}};

constexpr std::string_view kSuccessRate = "execution_success_rate";

std::string percent(double share) {
  return fmt::format("{} %", std::lround(100 * std::clamp(share, 0.0, 1.0)));
}

/// `version v8`, or `region eu (48 %) and us (47 %)`.
std::string names(const Explanation& found) {
  std::string text = found.dimension;
  for (std::size_t i = 0; i < found.causes.size(); ++i) {
    const Effect& cause = found.causes[i];
    text += i == 0 ? " " : i + 1 == found.causes.size() ? " and " : ", ";
    text += cause.part.label.empty() ? "(none)" : cause.part.label;
    if (found.causes.size() > 1) text += " (" + percent(cause.share) + ")";
  }
  return text;
}

/// How a total has changed.
std::string growth(const analytics::Part& part) {
  if (part.before.value == 0) return "there was none before";
  const double ratio = part.after.value / part.before.value - 1;
  return fmt::format("{} % {} than before", number_text(std::round(std::abs(100 * ratio))),
                     ratio < 0 ? "less" : "more");
}

/// What an average is, and what it is elsewhere; or was, where there is nothing else.
std::string comparison(const Causes& causes, const Explanation& found) {
  const bool others = found.others.after.weight > 0;
  const double other = others ? found.others.after.value : *causes.before;
  const char* where = others ? "of the others" : "before";
  const std::string own = number_text(found.together.after.value);
  if (found.together.after.weight == 0) return "there is none any more";
  if (causes.info->name == kSuccessRate) {
    return fmt::format("{} in {} % against {} % {}",
                       found.causes.size() == 1 ? "it succeeds" : "they succeed", own,
                       number_text(other), where);
  }
  return fmt::format("{} {} {} against {} {}", causes.info->name, own, causes.info->unit,
                     number_text(other), where);
}

}  // namespace

std::string spoken(DurationMs duration) {
  for (const Unit& unit : kUnits) {
    if (duration < unit.length_ms || duration % unit.length_ms != 0) continue;
    const DurationMs count = duration / unit.length_ms;
    return count == 1 ? std::string(unit.one) : fmt::format("{} {}", count, unit.many);
  }
  return format_duration(duration);
}

std::string cause_text(const Causes& causes) {
  if (causes.explanations.empty() || !causes.before || !causes.after) return "";
  const Explanation& best = causes.explanations.front();
  const bool errors = causes.info->name == kSuccessRate && *causes.after < *causes.before;
  const bool total = causes.composition == analytics::Composition::total;
  return fmt::format("{}: {} of the {}; {}", names(best), percent(best.share),
                     errors ? "additional errors" : "change",
                     total ? growth(best.together) : comparison(causes, best));
}

}  // namespace vitals::insight
