#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace vitals::analytics {

/// How two numbers of each of some things go together.
struct Correlation {
  double rho = 0;      ///< -1 … 1: Spearman's, the correlation of their ranks
  double p_value = 1;  ///< two-sided, of no connection
};

/// Fewer things tell nothing: of 4 not even a perfect order is rarer than one in ten.
inline constexpr std::size_t kCorrelatedMin = 5;
/// Up to so many the p-value is of all orders that there are; of more of Student's t.
inline constexpr std::size_t kExactMax = 8;

/// Spearman's rank correlation (The American Journal of Psychology 15, 1904); equal numbers have
/// the mean of their ranks. It asks for no straight line, and one wild number decides little.
/// Nothing for fewer than kCorrelatedMin pairs or where one side is the same for all. No NaN.
std::optional<Correlation> rank_correlation(std::span<const std::pair<double, double>> pairs);

/// For each of several tests: what share of the findings would be false if its p-value and all
/// smaller ones were taken for findings (Benjamini and Hochberg, J. Royal Statistical Society B 57,
/// 1995). In the order given.
std::vector<double> false_discovery_rates(std::span<const double> p_values);

}  // namespace vitals::analytics
