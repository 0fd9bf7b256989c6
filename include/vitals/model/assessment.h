#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/batch.h>
#include <vitals/model/fields.h>

namespace vitals::model {

/// What a quality may be scored in, `overall` last: it counts where no dimension is there.
inline constexpr std::array kQuality{Number::clarity, Number::accuracy, Number::completeness,
                                     Number::relevance, Number::overall};
/// One of each, from 0 to 10. NaN is absent.
using Scores = std::array<double, kQuality.size()>;

inline constexpr Scores kNoScores{kAbsent, kAbsent, kAbsent, kAbsent, kAbsent};

/// What one evaluator says of the quality of one execution. A plain value.
struct Assessment {
  std::string evaluator;  ///< empty: the runner, with the execution itself
  Scores scores = kNoScores;
  bool distrusted = false;  ///< its evaluator was, when it came: it does not count
};
bool operator==(const Assessment& a, const Assessment& b);

/// That may assess one execution.
inline constexpr std::size_t kEvaluatorsMax = 32;
/// An assessment that is further from the median of at least three is set aside.
inline constexpr double kOutlierPoints = 3;

/// The numbers of a row, which its quality is counted with.
Scores scores_at(const ExecutionBatch& batch, std::size_t row);
/// Whether there is any.
bool is_scored(const Scores& scores);

/// Those that a row holds, by name of the evaluator. A row that was scored by its runner alone
/// holds none.
std::vector<Assessment> assessments_at(const ExecutionBatch& batch, std::size_t row);

/// The same, and what the runner says by itself.
std::vector<Assessment> opinions_at(const ExecutionBatch& batch, std::size_t row);

enum class Assessed {
  added,     ///< or put in place of what the evaluator said before
  known,     ///< the evaluator said just this
  too_many,  ///< others have assessed it
};
/// Adds one to those of an execution, which are in the order of evaluators.
Assessed assess(std::vector<Assessment>& assessments, Assessment one);

/// The score of an assessment in one number: the mean of its dimensions, else `overall`.
double score_of(const Assessment& assessment);

/// By place, whether an assessment is set aside: distrusted, or an outlier, which of three or more
/// is further than kOutlierPoints from the median of their score_of(). Where that is half of them
/// or more, they disagree, and none is.
std::vector<bool> set_aside(std::span<const Assessment> assessments);

/// What they say together: of each dimension the mean of those who score it. Whoever gives
/// `overall` alone gives it for each dimension that any other scores. What is set aside is left
/// out.
Scores consensus(std::span<const Assessment> assessments);

/// Has rows, ascending, hold these assessments and count with what they say together.
struct AssessedRow {
  std::uint32_t row;
  std::vector<Assessment> assessments;
};
void set_assessments(ExecutionBatch& batch, std::span<const AssessedRow> rows);

/// Whether an attribute is what an evaluator said, not a tag or parameter.
bool is_assessment(std::string_view key);

}  // namespace vitals::model
