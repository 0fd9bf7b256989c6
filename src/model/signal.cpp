#include <algorithm>
#include <charconv>
#include <utility>

#include <vitals/base/digest.h>
#include <vitals/model/signal.h>

namespace vitals::model {
namespace {

/// Of its kind, in the id of a row.
constexpr char kInteractionLetter = 'i';

void set_label(SymbolColumn& column, std::size_t rows, std::size_t row, const std::string& text) {
  if (text.empty() && column.codes.empty()) return;
  column.codes.resize(rows, Dictionary::kAbsentCode);
  column.codes[row] = column.dictionary.intern(text);
}

std::string pair(std::string_view key, const std::string& value) {
  return std::string(key) + '\0' + value;
}

/// Attributes of a row but for what was said of it.
void copy_attributes(const AttributeColumn& from, std::size_t row, AttributeColumn& to) {
  for (const std::uint32_t code : from.at(row)) {
    const std::string_view pair = from.pairs.at(code);
    const std::string_view key = AttributeColumn::key_of(pair);
    if (key == kCommentKey || is_assessment(key)) continue;
    to.codes.push_back(to.pairs.intern(pair));
  }
}

/// Interactions have what they are for an attribute, and none of their executions. Feedback has all
/// but what was said of these.
void set_attributes(const std::vector<const Signal*>& signals, AttributeColumn& attributes) {
  AttributeColumn fresh;
  for (std::size_t row = 0; row < signals.size(); ++row) {
    if (signals[row]->kind == RowKind::interaction) {
      fresh.codes.push_back(fresh.pairs.intern(pair(kActionKey, signals[row]->action)));
    } else {
      copy_attributes(attributes, row, fresh);
      const std::string& comment = signals[row]->comment;
      if (!comment.empty()) fresh.codes.push_back(fresh.pairs.intern(pair(kCommentKey, comment)));
    }
    fresh.ends.push_back(static_cast<std::uint32_t>(fresh.codes.size()));
  }
  attributes = fresh.codes.empty() ? AttributeColumn() : std::move(fresh);
}

}  // namespace

std::string row_id(const Signal& signal) {
  if (signal.kind == RowKind::feedback) return signal.execution_id + kIdSeparator + 'f' + signal.id;
  if (signal.kind == RowKind::assessment) return assessments_id(signal.execution_id) + signal.id;
  std::string hash;
  if (!signal.execution_id.empty()) hash = hex_of(hash64(signal.execution_id));
  return hash + kIdSeparator + kInteractionLetter + signal.id;
}

std::string assessments_id(std::string_view execution_id) {
  return std::string(execution_id) + kIdSeparator + 'a';
}

std::string lone_assessments_id(std::string_view execution_id) {
  return std::string(execution_id) + kIdSeparator + 'u';
}

std::uint64_t execution_hash_of(std::string_view row_id) {
  const std::string_view digits = execution_id_of(row_id);
  std::uint64_t hash = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  return hash;
}

std::string disguised_id(std::string_view row_id, const Disguise& disguise) {
  const std::size_t separator = row_id.find(kIdSeparator);
  if (separator == std::string_view::npos) return disguise(row_id);
  const std::string_view form = row_id.substr(separator, 2);  // and the letter of its kind
  std::string id;
  if (!form.ends_with(kInteractionLetter)) id = disguise(row_id.substr(0, separator));
  id.append(form);
  if (separator + form.size() < row_id.size()) id.append(disguise(row_id));
  return id;
}

void make_signals(const std::vector<const Signal*>& signals, ExecutionBatch& rows) {
  const std::size_t count = signals.size();
  rows.ids = {};
  rows.kinds.clear();
  rows.outcome.resize(count, 0);
  for (auto& column : rows.numbers) column.clear();
  for (std::size_t row = 0; row < count; ++row) {
    const Signal& signal = *signals[row];
    rows.ids.push_back(row_id(signal));
    rows.kinds.push_back(signal.kind);
    if (signal.kind == RowKind::interaction) {
      rows.time_ms[row] = signal.time_ms;
      set_label(rows[Label::user], count, row, signal.user);
      set_label(rows[Label::session], count, row, signal.session);
    }
    for (const auto& [number, value] : signal.numbers) {
      auto& column = rows.numbers[index(number)];
      column.resize(count, kAbsent);
      column[row] = value;
    }
  }
  set_attributes(signals, rows.attributes);
}

Assessment assessment_of(const Signal& signal) {
  Assessment assessment{signal.id, kNoScores, signal.distrusted};
  for (const auto& [number, value] : signal.numbers) {
    const auto at = std::find(kQuality.begin(), kQuality.end(), number);
    if (at != kQuality.end()) {
      assessment.scores[static_cast<std::size_t>(at - kQuality.begin())] = value;
    }
  }
  return assessment;
}

void make_assessments(const std::vector<std::string>& row_ids,
                      std::vector<std::vector<Assessment>> assessments, ExecutionBatch& rows) {
  rows.ids = {};
  rows.kinds.assign(rows.rows(), RowKind::assessment);
  rows.outcome.resize(rows.rows(), 0);
  for (auto& column : rows.numbers) column.clear();
  std::vector<AssessedRow> assessed;
  AttributeColumn attributes;
  for (std::uint32_t row = 0; row < rows.rows(); ++row) {
    copy_attributes(rows.attributes, row, attributes);
    attributes.ends.push_back(static_cast<std::uint32_t>(attributes.codes.size()));
    rows.ids.push_back(row_ids[row]);
    assessed.push_back({row, std::move(assessments[row])});
  }
  rows.attributes = std::move(attributes);
  set_assessments(rows, assessed);
}

}  // namespace vitals::model
