#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace vitals::sketch {

/// Count, sum, mean, squared deviations, extremes of finite numbers: mergeable, with the default
/// value as identity. Sum is compensated (Neumaier 1974, with the branch-free TwoSum of Knuth);
/// mean and M2 by Welford (1962), merged by Chan, Golub and LeVeque (1983).
struct Moments {
  std::uint64_t count = 0;
  double sum = 0;
  double compensation = 0;
  double mean = 0;
  double m2 = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void add(double value);
  /// The same for many, faster and more exact: corrected two-pass, then one merge.
  void add(std::span<const double> values);
  void merge(const Moments& other);

  double total() const { return sum + compensation; }
  /// Of the population; 0 for one value. Meaningless when empty.
  double stddev() const;
};

}  // namespace vitals::sketch
