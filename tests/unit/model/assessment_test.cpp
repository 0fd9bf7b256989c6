// What several evaluators say of one execution, and what counts of it.
#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/model/assessment.h>

using namespace vitals::model;

namespace {

Assessment by(const std::string& evaluator, double clarity, double accuracy = kAbsent) {
  return {evaluator, {clarity, accuracy, kAbsent, kAbsent, kAbsent}};
}

Assessment overall(const std::string& evaluator, double score) {
  return {evaluator, {kAbsent, kAbsent, kAbsent, kAbsent, score}};
}

/// So many executions, none scored, each with a tag.
ExecutionBatch rows(std::size_t count) {
  ExecutionBatch batch;
  for (std::size_t row = 0; row < count; ++row) {
    batch.time_ms.push_back(static_cast<vitals::TimeMs>(row));
    batch.ids.push_back("run-" + std::to_string(row));
    batch.outcome.push_back(0);
    batch.attributes.codes.push_back(
        batch.attributes.pairs.intern(std::string("tags.row") + '\0' + std::to_string(row)));
    batch.attributes.ends.push_back(static_cast<std::uint32_t>(row + 1));
  }
  return batch;
}

}  // namespace

TEST_CASE("assessments are averaged by dimension") {
  CHECK_FALSE(is_scored(consensus({})));
  const std::vector both{by("a", 10, 4), by("b", 6)};
  CHECK(consensus(both)[0] == 8);
  CHECK(consensus(both)[1] == 4);
  CHECK(std::isnan(consensus(both)[2]));
}

TEST_CASE("one score alone counts for each dimension that others score") {
  const std::vector mixed{by("a", 10, 6), overall("b", 4)};
  CHECK(consensus(mixed)[0] == 7);
  CHECK(consensus(mixed)[1] == 5);
  CHECK(consensus(mixed)[4] == 4);
  const std::vector alone{overall("a", 4), overall("b", 5)};
  CHECK(std::isnan(consensus(alone)[0]));
  CHECK(consensus(alone)[4] == 4.5);
}

TEST_CASE("of three or more, the one far from the median is set aside") {
  CHECK(set_aside(std::vector{by("a", 0), by("b", 10)}) == std::vector{false, false});
  const std::vector three{by("a", 8), by("b", 9), overall("c", 1)};
  CHECK(set_aside(three) == std::vector{false, false, true});
  CHECK(consensus(three)[0] == 8.5);
  CHECK(std::isnan(consensus(three)[4]));
  // Whom nobody trusts is no measure of the others.
  std::vector<Assessment> distrusted{by("a", 8), by("b", 9), by("c", 0), by("d", 0)};
  distrusted[2].distrusted = distrusted[3].distrusted = true;
  CHECK(set_aside(distrusted) == std::vector{false, false, true, true});
  CHECK(consensus(distrusted)[0] == 8.5);
  CHECK_FALSE(is_scored(consensus(std::span(distrusted).last(2))));
  ExecutionBatch batch = rows(1);
  set_assessments(batch, std::vector{AssessedRow{0, distrusted}});
  CHECK(batch.attributes.value(0, "assessment.c") == "0,,,,,distrusted");
  CHECK(assessments_at(batch, 0) == distrusted);
  CHECK(scores_at(batch, 0)[0] == 8.5);
  // Two against two are no outliers, wherever the median lies.
  CHECK(set_aside(std::vector{by("a", 1), by("b", 9), by("c", 10), by("d", 1)}) ==
        std::vector{false, false, false, false});
  // At the limit it counts still.
  CHECK(set_aside(std::vector{by("a", 8), by("b", 8), by("c", 5)}) ==
        std::vector{false, false, false});
}

TEST_CASE("an evaluator replaces what it said, and says nothing twice") {
  std::vector<Assessment> all;
  CHECK(assess(all, by("b", 5)) == Assessed::added);
  CHECK(assess(all, by("a", 7)) == Assessed::added);
  CHECK(assess(all, by("b", 5)) == Assessed::known);
  CHECK(assess(all, by("b", kAbsent, 6)) == Assessed::added);
  REQUIRE(all.size() == 2);
  CHECK(all[0] == by("a", 7));
  CHECK(all[1] == by("b", kAbsent, 6));
  while (all.size() < kEvaluatorsMax) assess(all, by("e" + std::to_string(all.size()), 1));
  CHECK(assess(all, by("one more", 1)) == Assessed::too_many);
  CHECK(assess(all, by("a", 1)) == Assessed::added);
}

TEST_CASE("a row holds what was said of it, beside its other attributes") {
  ExecutionBatch batch = rows(3);
  const std::vector first{by("judge, the 1st", 7.25, 0.1), by("other", 8)};
  set_assessments(batch, std::vector<AssessedRow>{{1, first}});
  CHECK(assessments_at(batch, 0).empty());
  CHECK(assessments_at(batch, 1) == first);
  CHECK(scores_at(batch, 1)[0] == 7.625);
  CHECK(scores_at(batch, 1)[1] == 0.1);
  CHECK_FALSE(is_scored(scores_at(batch, 2)));
  CHECK(batch.attributes.value(1, "tags.row") == "1");
  CHECK(batch.attributes.value(2, "tags.row") == "2");

  // Again, with less: what counted before does not stay.
  set_assessments(batch, std::vector<AssessedRow>{{1, {overall("other", 3)}}});
  CHECK(assessments_at(batch, 1) == std::vector{overall("other", 3)});
  CHECK(std::isnan(scores_at(batch, 1)[0]));
  CHECK(scores_at(batch, 1)[4] == 3);
  CHECK(batch.attributes.at(1).size() == 2);
}

TEST_CASE("the runner's own score is one among others") {
  ExecutionBatch batch = rows(1);
  batch.numbers[index(Number::clarity)] = {4};
  CHECK(assessments_at(batch, 0).empty());
  std::vector<Assessment> opinions = opinions_at(batch, 0);
  REQUIRE(opinions == std::vector{by("", 4)});
  assess(opinions, by("judge", 8));
  set_assessments(batch, std::vector<AssessedRow>{{0, opinions}});
  CHECK(scores_at(batch, 0)[0] == 6);
  CHECK(opinions_at(batch, 0) == std::vector{by("", 4), by("judge", 8)});
}
