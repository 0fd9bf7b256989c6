#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "shared_lines.h"
#include "text/valence/scorer.h"

// How near the sentiment of texts comes to the mean of what twenty people said of them: the sets of
// Hutto and Gilbert (2014).
namespace vitals::text::valence {
namespace {

struct Judged {
  std::string text;
  double mean = 0;  // -4 … 4
};

using Set = std::vector<Judged>;

/// Lines of id, mean, text; none where the file is not there.
Set read(const std::string& name) {
  Set set;
  for (const std::string& line : test::shared_lines("sentiment/" + name)) {
    const auto mean = line.find('\t') + 1;
    const auto text = line.find('\t', mean) + 1;
    set.push_back({line.substr(text), std::stod(line.substr(mean))});
  }
  return set;
}

std::vector<double> scores(const Set& set, const Rules& rules, const Weights& weights = {}) {
  std::vector<double> scores;
  for (const Judged& judged : set) {
    scores.push_back(score(judged.text, rules, weights).value_or(0));
  }
  return scores;
}

/// Pearson's r over every `step`th row from `first` on.
double correlation(const Set& set, const std::vector<double>& scores, std::size_t first = 0,
                   std::size_t step = 1) {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = first; i < set.size(); i += step) {
    n += 1;
    x += scores[i];
    y += set[i].mean;
    xx += scores[i] * scores[i];
    yy += set[i].mean * set[i].mean;
    xy += scores[i] * set[i].mean;
  }
  return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
}

double correlation(const Set& set, const Rules& rules) {
  return correlation(set, scores(set, rules));
}

TEST_CASE("sentiment agrees with people") {
  const Set tweets = read("tweets.tsv.gz");
  const Set reviews = read("amazonReviewSnippets.tsv.gz");
  if (tweets.empty() || reviews.empty()) {
    WARN("skipped: set VITALS_SHARED to the folder that has data/sentiment");
    return;
  }
  // VADER's program has 0.872 and 0.590.
  CHECK(correlation(tweets, all_rules()) > 0.885);
  CHECK(correlation(reviews, all_rules()) > 0.67);
}

constexpr std::size_t kFolds = 5;

/// In how many fifths of the set a rule does no harm.
std::size_t folds_gained(const Set& set, const std::vector<double>& with,
                         const std::vector<double>& without) {
  std::size_t gained = 0;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const double gain =
        correlation(set, with, fold, kFolds) - correlation(set, without, fold, kFolds);
    gained += gain >= -0.0005 ? 1 : 0;
  }
  return gained;
}

// The table of docs/sentiment.md: unit_text "[ablation]"
TEST_CASE("what each rule gains", "[.][ablation]") {
  constexpr const char* kNames[] = {"second list", "own words",     "phrases",   "elongation",
                                    "negation",    "bare negation", "praise",    "intensifiers",
                                    "capitals",    "exclamation",   "contrast",  "concession",
                                    "unreal",      "thwarted",      "questions", "length"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Rule::count));
  const std::vector<Set> sets = {read("tweets.tsv.gz"), read("amazonReviewSnippets.tsv.gz")};
  if (sets[0].empty() || sets[1].empty()) FAIL("VITALS_SHARED has no data/sentiment");
  std::cout << std::fixed << std::setprecision(4);
  std::cout << "all rules:    r " << correlation(sets[0], all_rules()) << " of tweets, "
            << correlation(sets[1], all_rules()) << " of reviews\n"
            << "no rules:     r " << correlation(sets[0], Rules()) << ", "
            << correlation(sets[1], Rules()) << "\nrows unread:  r "
            << correlation(sets[0], scores(sets[0], all_rules()), 0, 2) << ", "
            << correlation(sets[1], scores(sets[1], all_rules()), 0, 2)
            << "\nwithout …: loses (fifths without harm)\n";
  for (std::size_t rule = 0; rule < std::size(kNames); ++rule) {
    std::cout << std::noshowpos << std::setw(14) << kNames[rule];
    for (const Set& set : sets) {
      const auto with = scores(set, all_rules());
      const auto without = scores(set, all_rules().reset(rule));
      std::cout << "  " << std::showpos << correlation(set, with) - correlation(set, without)
                << std::noshowpos << " (" << folds_gained(set, with, without) << "/" << kFolds
                << ")";
    }
    std::cout << "\n";
  }
}

constexpr double Weights::*kWeights[] = {&Weights::second_list,      &Weights::negation,
                                         &Weights::bare_negation,    &Weights::bare_no,
                                         &Weights::praise,           &Weights::before_contrast,
                                         &Weights::conceded,         &Weights::unreal,
                                         &Weights::thwarted,         &Weights::asked,
                                         &Weights::intensity,        &Weights::capitals,
                                         &Weights::exclamation_mark, &Weights::length_exponent,
                                         &Weights::saturation};

/// Pearson's r over the fold, or over all rows but those of the fold.
double correlation_of_fold(const Set& set, const std::vector<double>& scores, std::size_t fold,
                           bool inside) {
  Set rows;
  std::vector<double> values;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if ((i % kFolds == fold) != inside) continue;
    rows.push_back({"", set[i].mean});
    values.push_back(scores[i]);
  }
  return correlation(rows, values);
}

/// One weight after the other takes the value, of a few, that is best for all rows but the fold's.
Weights fitted_without(const std::vector<Set>& sets, std::size_t fold) {
  Weights weights;
  for (double Weights::*weight : kWeights) {
    const double start = weights.*weight;
    double best = 0;
    double best_value = start;
    for (const double factor : {0.25, 0.5, 0.75, 1.0, 1.33, 2.0}) {
      weights.*weight = start * factor;
      double sum = 0;
      for (const Set& set : sets) {
        sum += correlation_of_fold(set, scores(set, all_rules(), weights), fold, false);
      }
      if (sum <= best) continue;
      best = sum;
      best_value = start * factor;
    }
    weights.*weight = best_value;
  }
  return weights;
}

// Whether the weights suit these rows only: unit_text "[crossvalidation]" takes a minute.
TEST_CASE("weights fitted to four fifths, tried on the last", "[.][crossvalidation]") {
  const std::vector<Set> sets = {read("tweets.tsv.gz"), read("amazonReviewSnippets.tsv.gz")};
  if (sets[0].empty() || sets[1].empty()) FAIL("VITALS_SHARED has no data/sentiment");
  std::cout << std::fixed << std::setprecision(4);
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const Weights fitted = fitted_without(sets, fold);
    std::cout << "fold " << fold << ", ours / fitted:";
    for (const Set& set : sets) {
      std::cout << "  " << correlation_of_fold(set, scores(set, all_rules()), fold, true) << " / "
                << correlation_of_fold(set, scores(set, all_rules(), fitted), fold, true);
    }
    std::cout << "\n    weights:" << std::setprecision(2);
    for (double Weights::*weight : kWeights) std::cout << " " << fitted.*weight;
    std::cout << std::setprecision(4) << "\n";
  }
}

}  // namespace
}  // namespace vitals::text::valence
