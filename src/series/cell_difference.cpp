#include "cell_difference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace vitals::series {
namespace {

using metrics::Cell;
using metrics::Counts;
using metrics::Measure;

/// Of sums, relative to the sum of magnitudes; of squared deviations, which lose more.
constexpr double kSumTolerance = 1e-9;
constexpr double kSquaresTolerance = 1e-6;
/// A value that was rounded may lie in the next bucket of a sketch, 2 % away.
constexpr double kBucketTolerance = 0.0205;

bool near(double a, double b, double tolerance, double scale) {
  return a == b || std::abs(a - b) <= tolerance * scale;
}

std::string instead(std::string_view what, double is, double expected) {
  return fmt::format("{} {} instead of {}", what, is, expected);
}

std::string how_different(const Counts& is, const Counts& expected) {
  for (const auto& [name, field] :
       {std::pair{"executions", &Counts::executions}, std::pair{"successes", &Counts::successes},
        std::pair{"errors", &Counts::errors}}) {
    if (is.*field != expected.*field) {
      return fmt::format("{} {} instead of {}", name, is.*field, expected.*field);
    }
  }
  return is == expected ? "" : "what is known of its errors";
}

std::string how_different(const sketch::Moments& is, const sketch::Moments& expected) {
  const auto n = static_cast<double>(expected.count);
  if (is.count != expected.count) return instead("count", static_cast<double>(is.count), n);
  if (is.count == 0) return "";
  const double largest = std::max(std::abs(expected.min), std::abs(expected.max));
  if (!near(is.min, expected.min, kSumTolerance, largest)) {
    return instead("min", is.min, expected.min);
  }
  if (!near(is.max, expected.max, kSumTolerance, largest)) {
    return instead("max", is.max, expected.max);
  }
  if (!near(is.total(), expected.total(), kSumTolerance, n * largest)) {
    return instead("sum", is.total(), expected.total());
  }
  const double squares = expected.m2 + kSumTolerance * n * largest * largest;
  if (!near(is.m2, expected.m2, kSquaresTolerance, squares)) {
    return instead("squared deviations", is.m2, expected.m2);
  }
  return "";
}

std::string how_different(const sketch::Quantiles& is, const sketch::Quantiles& expected) {
  if (is == expected) return "";
  if (is.count() != expected.count()) {
    return instead("sketched count", static_cast<double>(is.count()),
                   static_cast<double>(expected.count()));
  }
  const double tolerance = expected.exact() ? kSumTolerance : kBucketTolerance;
  for (const double q : {0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const double a = is.quantile(q), b = expected.quantile(q);
    if (!near(a, b, tolerance, std::abs(b))) return instead(fmt::format("p{}", 100 * q), a, b);
  }
  return "";
}

std::string_view name_of(Measure measure) {
  constexpr std::array<std::string_view, metrics::kMeasureCount - model::kNumberCount> kDerived{
      "total_tokens", "response_quality", "satisfaction"};
  const std::size_t m = metrics::index(measure);
  return m < model::kNumberCount ? std::string_view(model::kNumberFields[m].name)
                                 : kDerived[m - model::kNumberCount];
}

template <class Part>
std::string of_measure(Measure measure, const Part* is, const Part* expected) {
  if (is == nullptr || expected == nullptr) return "";
  const std::string found = how_different(*is, *expected);
  return found.empty() ? "" : fmt::format("{} of {}", found, name_of(measure));
}

}  // namespace

std::string difference(const Cell& cell, const Cell& expected) {
  std::string found = how_different(cell.counts, expected.counts);
  for (std::size_t m = 0; m < metrics::kMeasureCount && found.empty(); ++m) {
    const auto measure = static_cast<Measure>(m);
    found = of_measure(measure, cell.moments(measure), expected.moments(measure));
    if (!found.empty()) break;
    found = of_measure(measure, cell.sketch(measure), expected.sketch(measure));
  }
  if (!found.empty()) return found;
  for (const auto& [name, is, should] :
       {std::tuple{"users", cell.users(), expected.users()},
        std::tuple{"sessions", cell.sessions(), expected.sessions()}}) {
    if (is != nullptr && should != nullptr && !(*is == *should)) {
      return instead(name, is->estimate(), should->estimate());
    }
  }
  const bool typed = cell.needs().error_types && expected.needs().error_types;
  if (typed && cell.error_types() != expected.error_types()) return "other error types";
  return "";
}

}  // namespace vitals::series
