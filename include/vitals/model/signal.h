#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/assessment.h>
#include <vitals/model/batch.h>
#include <vitals/model/fields.h>

namespace vitals::model {

/// Something heard of an execution after it ended: feedback, what people did with the answer, or
/// what an evaluator says of its quality. A plain value.
struct Signal {
  RowKind kind = RowKind::feedback;
  std::string execution_id;  ///< may be empty for an interaction
  std::string id;            ///< its own, among those of the execution; the evaluator's name
  TimeMs time_ms = 0;        ///< when it was given or done
  std::vector<std::pair<Number, double>> numbers = {};
  std::string action = {};   ///< of an interaction: `retry`
  std::string user = {};     ///< of an interaction, as a pseudonym; empty: the execution's
  std::string session = {};  ///< likewise
  std::string comment = {};  ///< of feedback: what is kept of it
  bool distrusted = false;   ///< an assessment by an evaluator that does not count

  bool operator==(const Signal&) const = default;
};

/// Between the two ids in the id of a signal's row: a byte that UTF-8 does not have, so that no
/// execution has such an id.
inline constexpr char kIdSeparator = '\xff';

/// The attribute that says what an interaction is.
inline constexpr std::string_view kActionKey = "interaction";

/// The attribute of a row, execution or feedback, that is what was kept of its own comment. No
/// field: nothing is filtered or grouped by it.
inline constexpr std::string_view kCommentKey = "comment";

/// Tells one signal from another, and, but for assessments, the id that its row has in the log: the
/// execution's, the separator, a letter for the kind, and its own. An interaction has only a hash
/// of the execution's id: the execution may be of another person, whose erasure leaves what others
/// did.
std::string row_id(const Signal& signal);

/// The id of the row that holds what evaluators say of an execution.
std::string assessments_id(std::string_view execution_id);
/// The same where that counts by itself, because the execution had not come.
std::string lone_assessments_id(std::string_view execution_id);

/// The hash by which an interaction names its execution; 0 when it names none.
std::uint64_t execution_hash_of(std::string_view row_id);

/// The signal's own id in the id of its row; all of it where an older version has taken people out
/// and given it another.
inline std::string_view own_id_of(std::string_view row_id) {
  const std::size_t separator = row_id.find(kIdSeparator);
  return separator == std::string_view::npos ? row_id : row_id.substr(separator + 2);
}

/// The id of the execution that a row is, or tells of.
inline std::string_view execution_id_of(std::string_view row_id) {
  return row_id.substr(0, row_id.find(kIdSeparator));
}

/// Makes of a text another of which nobody can tell what it was; of the same the same.
using Disguise = std::function<std::string(std::string_view)>;

/// What the id of a row becomes when its people are forgotten. All that was said of an execution
/// has the execution's new id in its own, and so stays with it; what told it apart, which a client
/// may have chosen or a comment have gone into, is disguised as well. An interaction names no
/// execution any more: only sessions connect them, and these are gone.
std::string disguised_id(std::string_view row_id, const Disguise& disguise);

/// Whether a row says what people or evaluators think of an execution.
inline bool is_opinion(RowKind kind) {
  return kind == RowKind::feedback || kind == RowKind::assessment;
}

/// Whether a row is an opinion that counts by itself, because its execution never came: executions
/// have a prompt.
inline bool is_unjoined(const ExecutionBatch& batch, std::size_t row) {
  return is_opinion(batch.kind(row)) && batch[Label::prompt].at(row).empty();
}

/// Makes each row of a batch, which are executions or empty but for a time, a signal about it; one
/// signal for each row, in order. Feedback keeps the time of its execution and all that it is found
/// by, but has a comment of its own. An interaction has a time and people of its own, and no tags
/// or parameters.
void make_signals(const std::vector<const Signal*>& signals, ExecutionBatch& rows);

/// What an assessment that came as a signal says.
Assessment assessment_of(const Signal& signal);

/// Makes each row of a batch, which are executions or empty but for a time, what evaluators say of
/// an execution: the row's id, and all assessments, for each in order.
void make_assessments(const std::vector<std::string>& row_ids,
                      std::vector<std::vector<Assessment>> assessments, ExecutionBatch& rows);

}  // namespace vitals::model
