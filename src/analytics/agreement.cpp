#include <algorithm>
#include <cmath>
#include <cstddef>

#include <vitals/analytics/agreement.h>

namespace vitals::analytics {

std::optional<double> weighted_kappa(std::span<const std::pair<double, double>> ratings, int most) {
  if (ratings.size() < 2) return std::nullopt;
  const auto categories = static_cast<std::size_t>(most) + 1;
  const auto category = [most](double rating) {
    return static_cast<std::size_t>(std::clamp(std::round(rating), 0.0, static_cast<double>(most)));
  };
  std::vector<double> first(categories), second(categories);
  double observed = 0;
  for (const auto& [a, b] : ratings) {
    const std::size_t i = category(a), j = category(b);
    first[i] += 1;
    second[j] += 1;
    const double apart = static_cast<double>(i) - static_cast<double>(j);
    observed += apart * apart;
  }
  double expected = 0;
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      const double apart = static_cast<double>(i) - static_cast<double>(j);
      expected += first[i] * second[j] * apart * apart;
    }
  }
  if (expected == 0) return std::nullopt;
  return 1 - observed * static_cast<double>(ratings.size()) / expected;
}

std::optional<double> intraclass_correlation(std::span<const std::vector<double>> groups) {
  double subjects = 0, ratings = 0, squares = 0, sum = 0;
  for (const std::vector<double>& group : groups) {
    if (group.size() < 2) continue;
    const auto size = static_cast<double>(group.size());
    subjects += 1;
    ratings += size;
    squares += size * size;
    for (const double rating : group) sum += rating;
  }
  if (subjects < 2) return std::nullopt;
  const double mean = sum / ratings;
  double between = 0, within = 0;
  for (const std::vector<double>& group : groups) {
    if (group.size() < 2) continue;
    double of_group = 0;
    for (const double rating : group) of_group += rating;
    of_group /= static_cast<double>(group.size());
    between += static_cast<double>(group.size()) * (of_group - mean) * (of_group - mean);
    for (const double rating : group) within += (rating - of_group) * (rating - of_group);
  }
  between /= subjects - 1;
  within /= ratings - subjects;
  const double size = (ratings - squares / ratings) / (subjects - 1);
  const double variance = between + (size - 1) * within;
  if (variance == 0) return std::nullopt;
  return (between - within) / variance;
}

}  // namespace vitals::analytics
