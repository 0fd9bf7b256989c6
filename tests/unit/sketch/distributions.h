#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace vitals::sketch::test {

using Random = std::mt19937_64;

/// A named source of random numbers.
struct Distribution {
  std::string name;
  std::function<double(Random&)> draw;
};

/// Shapes that durations, token counts, prices and scores take, and some that nothing takes.
inline std::vector<Distribution> distributions() {
  const auto of = [](auto distribution) {
    return [distribution](Random& random) mutable {
      return static_cast<double>(distribution(random));
    };
  };
  using Uniform = std::uniform_real_distribution<double>;
  using Normal = std::normal_distribution<double>;
  return {
      {"uniform", of(Uniform(0, 1000))},
      {"lognormal", of(std::lognormal_distribution<double>(7, 1))},
      {"heavy tail", [](Random& r) { return std::pow(1 - Uniform(0, 1)(r), -2.0); }},
      {"exponential", of(std::exponential_distribution<double>(0.001))},
      {"normal around zero", of(Normal(0, 10))},
      {"negative", of(Normal(-1000, 100))},
      {"two far humps",
       [](Random& r) { return r() % 2 == 0 ? Normal(5, 0.1)(r) : Normal(5e8, 1e6)(r); }},
      {"ratings", of(std::uniform_int_distribution<int>(1, 5))},
      {"mostly zero", [](Random& r) { return r() % 10 != 0 ? 0.0 : Uniform(-1, 1)(r); }},
      {"one value", [](Random&) { return 42.0; }},
      {"prices", [](Random& r) { return std::round(Uniform(1, 5000)(r)) / 1e6; }},
      {"seventeen magnitudes", [](Random& r) { return std::pow(10.0, Uniform(-8, 9)(r)); }},
      {"huge", [](Random& r) { return Uniform(1e307, 1.7e308)(r); }},
      {"tiny and negative", [](Random& r) { return -Uniform(1, 9)(r) * 1e-300; }},
  };
}

inline std::vector<double> draw(const Distribution& distribution, std::uint64_t seed,
                                std::size_t count) {
  Random random(seed);
  std::vector<double> values(count);
  std::generate(values.begin(), values.end(), [&] { return distribution.draw(random); });
  return values;
}

}  // namespace vitals::sketch::test
