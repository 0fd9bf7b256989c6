#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

#include <vitals/analytics/correlation.h>

namespace vitals::analytics {
namespace {

/// Twice the ranks, which are whole numbers also where equal numbers share theirs, less their mean.
std::vector<long> centred_ranks(const std::vector<double>& numbers) {
  const auto count = static_cast<long>(numbers.size());
  std::vector<double> sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  std::vector<long> ranks;
  ranks.reserve(numbers.size());
  for (const double number : numbers) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), number);
    const long below = first - sorted.begin();
    const long equal = last - first;
    ranks.push_back(2 * below + equal - count);
  }
  return ranks;
}

long product(const std::vector<long>& a, const std::vector<long>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0L);
}

/// The share of all orders of `b` that go with `a` as well, or as badly, as this one.
double exact_p_value(const std::vector<long>& a, std::vector<long> b) {
  const long found = std::abs(product(a, b));
  std::size_t orders = 0;
  std::size_t as_far = 0;
  std::sort(b.begin(), b.end());
  do {
    ++orders;
    as_far += std::abs(product(a, b)) >= found ? 1 : 0;
  } while (std::next_permutation(b.begin(), b.end()));
  return static_cast<double>(as_far) / static_cast<double>(orders);
}

double student_p_value(double rho, double freedom) {
  const double rest = 1 - rho * rho;
  if (rest <= 0) return 0;
  const double t = std::abs(rho) * std::sqrt(freedom / rest);
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), t));
}

}  // namespace

std::optional<Correlation> rank_correlation(std::span<const std::pair<double, double>> pairs) {
  if (pairs.size() < kCorrelatedMin) return std::nullopt;
  std::vector<double> first;
  std::vector<double> second;
  for (const auto& [a, b] : pairs) {
    first.push_back(a);
    second.push_back(b);
  }
  const std::vector<long> a = centred_ranks(first);
  const std::vector<long> b = centred_ranks(second);
  const auto squares = static_cast<double>(product(a, a)) * static_cast<double>(product(b, b));
  if (squares == 0) return std::nullopt;
  Correlation found;
  found.rho = static_cast<double>(product(a, b)) / std::sqrt(squares);
  found.p_value = pairs.size() <= kExactMax
                      ? exact_p_value(a, b)
                      : student_p_value(found.rho, static_cast<double>(pairs.size() - 2));
  return found;
}

std::vector<double> false_discovery_rates(std::span<const double> p_values) {
  std::vector<std::size_t> by_size(p_values.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::sort(by_size.begin(), by_size.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> rates(p_values.size());
  double least = 1;
  for (std::size_t rank = by_size.size(); rank > 0; --rank) {
    const std::size_t at = by_size[rank - 1];
    least = std::min(
        least, p_values[at] * static_cast<double>(p_values.size()) / static_cast<double>(rank));
    rates[at] = least;
  }
  return rates;
}

}  // namespace vitals::analytics
