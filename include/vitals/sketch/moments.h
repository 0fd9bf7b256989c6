#pragma once

#include <cstdint>
#include <limits>

namespace vitals::sketch {

/// Count, sum, mean, squared deviations, extremes of numbers: mergeable, with the default value as
/// identity. Sum is compensated (Neumaier 1974); mean and M2 by Welford, merged by Chan, Golub and
/// LeVeque (1983).
struct Moments {
  std::uint64_t count = 0;
  double sum = 0;
  double compensation = 0;
  double mean = 0;
  double m2 = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void add(double value);
  void merge(const Moments& other);

  double total() const { return sum + compensation; }
  /// Of the population; 0 for one value. Meaningless when empty.
  double stddev() const;
};

}  // namespace vitals::sketch
