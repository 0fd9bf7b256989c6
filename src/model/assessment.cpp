#include <algorithm>
#include <charconv>
#include <cmath>

#include <vitals/base/median.h>
#include <vitals/model/assessment.h>

namespace vitals::model {
namespace {

/// Of the attribute that holds what an evaluator said, whose name follows.
constexpr std::string_view kPrefix = "assessment.";

/// Behind the scores of one that does not count.
constexpr std::string_view kDistrusted = ",distrusted";

constexpr std::size_t kOverall = kQuality.size() - 1;

/// As short as they read back, separated by commas: `8,7.5,,,`.
std::string text_of(const Assessment& assessment) {
  const Scores& scores = assessment.scores;
  std::string text;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (i > 0) text += ',';
    if (std::isnan(scores[i])) continue;
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), scores[i]).ptr;
    text.append(digits.data(), end);
  }
  if (assessment.distrusted) text += kDistrusted;
  return text;
}

Scores scores_of(std::string_view text) {
  Scores scores = kNoScores;
  for (double& score : scores) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::from_chars(text.data(), text.data() + comma, score);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return scores;
}

bool has_dimension(const Scores& scores) {
  return std::any_of(scores.begin(), scores.begin() + kOverall,
                     [](double score) { return !std::isnan(score); });
}

auto place_of(std::vector<Assessment>& assessments, std::string_view evaluator) {
  return std::lower_bound(
      assessments.begin(), assessments.end(), evaluator,
      [](const Assessment& one, std::string_view name) { return one.evaluator < name; });
}

}  // namespace

bool operator==(const Assessment& a, const Assessment& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  return a.evaluator == b.evaluator && a.distrusted == b.distrusted &&
         std::equal(a.scores.begin(), a.scores.end(), b.scores.begin(), same);
}

bool is_assessment(std::string_view key) { return key.starts_with(kPrefix); }

Scores scores_at(const ExecutionBatch& batch, std::size_t row) {
  Scores scores = kNoScores;
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = batch.number(kQuality[i], row);
  return scores;
}

bool is_scored(const Scores& scores) {
  return has_dimension(scores) || !std::isnan(scores[kOverall]);
}

std::vector<Assessment> assessments_at(const ExecutionBatch& batch, std::size_t row) {
  std::vector<Assessment> assessments;
  for (const std::uint32_t code : batch.attributes.at(row)) {
    const std::string_view pair = batch.attributes.pairs.at(code);
    const std::string_view key = AttributeColumn::key_of(pair);
    if (!is_assessment(key)) continue;
    const std::string_view text = AttributeColumn::value_of(pair);
    Assessment one{std::string(key.substr(kPrefix.size())), scores_of(text),
                   text.ends_with(kDistrusted)};
    assessments.insert(place_of(assessments, one.evaluator), std::move(one));
  }
  return assessments;
}

std::vector<Assessment> opinions_at(const ExecutionBatch& batch, std::size_t row) {
  std::vector<Assessment> opinions = assessments_at(batch, row);
  const Scores scores = scores_at(batch, row);
  if (opinions.empty() && is_scored(scores)) opinions.push_back({"", scores});
  return opinions;
}

Assessed assess(std::vector<Assessment>& assessments, Assessment one) {
  const auto at = place_of(assessments, one.evaluator);
  if (at == assessments.end() || at->evaluator != one.evaluator) {
    if (assessments.size() >= kEvaluatorsMax) return Assessed::too_many;
    assessments.insert(at, std::move(one));
    return Assessed::added;
  }
  if (*at == one) return Assessed::known;
  *at = std::move(one);
  return Assessed::added;
}

double score_of(const Assessment& assessment) {
  const Scores& scores = assessment.scores;
  if (!has_dimension(scores)) return scores[kOverall];
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < kOverall; ++i) {
    if (std::isnan(scores[i])) continue;
    sum += scores[i];
    ++count;
  }
  return sum / count;
}

std::vector<bool> set_aside(std::span<const Assessment> assessments) {
  std::vector<bool> found;
  std::vector<double> scores;
  for (const Assessment& one : assessments) {
    found.push_back(one.distrusted);
    if (!one.distrusted) scores.push_back(score_of(one));
  }
  if (scores.size() < 3) return found;
  const double middle = median(scores);
  const auto is_outlier = [middle](double score) {
    return std::abs(score - middle) > kOutlierPoints;
  };
  const auto count = std::count_if(scores.begin(), scores.end(), is_outlier);
  if (2 * static_cast<std::size_t>(count) >= scores.size()) return found;
  for (std::size_t i = 0; i < found.size(); ++i) {
    found[i] = found[i] || is_outlier(score_of(assessments[i]));
  }
  return found;
}

Scores consensus(std::span<const Assessment> assessments) {
  const std::vector<bool> aside = set_aside(assessments);
  Scores sums{};
  std::array<int, kQuality.size()> counts{};
  const auto add = [&](std::size_t dimension, double score) {
    sums[dimension] += score;
    ++counts[dimension];
  };
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    for (std::size_t d = 0; d < kQuality.size(); ++d) {
      if (!aside[i] && !std::isnan(assessments[i].scores[d])) add(d, assessments[i].scores[d]);
    }
  }
  const std::array scored = counts;
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    const Scores& scores = assessments[i].scores;
    if (aside[i] || has_dimension(scores)) continue;
    for (std::size_t d = 0; d < kOverall; ++d) {
      if (scored[d] > 0) add(d, scores[kOverall]);
    }
  }
  Scores together = kNoScores;
  for (std::size_t d = 0; d < kQuality.size(); ++d) {
    if (counts[d] > 0) together[d] = sums[d] / counts[d];
  }
  return together;
}

void set_assessments(ExecutionBatch& batch, std::span<const AssessedRow> rows) {
  AttributeColumn attributes;
  attributes.pairs = batch.attributes.pairs;
  auto next = rows.begin();
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    const bool assessed = next != rows.end() && next->row == row;
    for (const std::uint32_t code : batch.attributes.at(row)) {
      const bool other = !is_assessment(AttributeColumn::key_of(attributes.pairs.at(code)));
      if (other || !assessed) attributes.codes.push_back(code);
    }
    if (assessed) {
      for (const Assessment& one : next->assessments) {
        attributes.codes.push_back(
            attributes.pairs.intern(std::string(kPrefix) + one.evaluator + '\0' + text_of(one)));
      }
      const Scores together = consensus(next->assessments);
      for (std::size_t i = 0; i < together.size(); ++i) {
        auto& column = batch.numbers[index(kQuality[i])];
        if (column.empty() && std::isnan(together[i])) continue;
        column.resize(batch.rows(), kAbsent);
        column[row] = together[i];
      }
      ++next;
    }
    attributes.ends.push_back(static_cast<std::uint32_t>(attributes.codes.size()));
  }
  batch.attributes = attributes.codes.empty() ? AttributeColumn() : std::move(attributes);
}

}  // namespace vitals::model
