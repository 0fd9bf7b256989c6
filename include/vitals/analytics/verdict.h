#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace vitals::analytics {

/// What a measured value is held against.
struct Benchmark {
  double bound = 0;
  bool higher_is_better = true;
};

/// A value, how many observations it is of, and the interval in which it may as well lie.
struct Estimate {
  std::optional<double> value;
  std::uint64_t count = 0;
  struct Bounds {
    double low = 0;
    double high = 0;
  };
  std::optional<Bounds> bounds;
};

enum class Verdict : std::uint8_t { pass, fail, insufficient_data };

/// Why nothing is decided.
enum class Doubt : std::uint8_t {
  none,
  no_data,   ///< there is no value
  too_few,   ///< fewer observations than are wanted, or too few for an interval
  too_close  ///< the interval has the benchmark in it
};

struct Judgement {
  Verdict verdict = Verdict::insufficient_data;
  Doubt doubt = Doubt::none;
  std::optional<double> margin;  ///< value less bound, turned so that more is better
};

/// Passes if the worse end of the interval still meets the bound, fails if the better end misses
/// it; else more observations are needed. With a two-sided interval of confidence 1 - 2a both are
/// one-sided tests of level a: a value that does not meet the bound passes in at most a of all
/// cases, one that meets it fails in at most a.
Judgement judge(const Estimate& estimate, const Benchmark& benchmark, std::uint64_t count_min);

/// Fails if one fails, passes if all pass and there is one. That all pass is wrong in at most as
/// many cases as the weakest test of them, however many there are: the intersection-union test
/// (R. L. Berger, Technometrics 24, 1982).
Verdict verdict_of_all(std::span<const Verdict> verdicts);

}  // namespace vitals::analytics
