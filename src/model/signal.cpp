#include <charconv>

#include <vitals/base/digest.h>
#include <vitals/model/signal.h>

namespace vitals::model {
namespace {

void set_label(SymbolColumn& column, std::size_t rows, std::size_t row, const std::string& text) {
  if (text.empty() && column.codes.empty()) return;
  column.codes.resize(rows, Dictionary::kAbsentCode);
  column.codes[row] = column.dictionary.intern(text);
}

/// Interactions have what they are for an attribute, and none of their executions.
void set_actions(const std::vector<const Signal*>& signals, AttributeColumn& attributes) {
  AttributeColumn fresh;
  for (std::size_t row = 0; row < signals.size(); ++row) {
    if (signals[row]->kind == RowKind::interaction) {
      fresh.codes.push_back(
          fresh.pairs.intern(std::string(kActionKey) + '\0' + signals[row]->action));
    } else {
      for (const std::uint32_t code : attributes.at(row)) {
        fresh.codes.push_back(fresh.pairs.intern(attributes.pairs.at(code)));
      }
    }
    fresh.ends.push_back(static_cast<std::uint32_t>(fresh.codes.size()));
  }
  attributes = fresh.codes.empty() ? AttributeColumn() : std::move(fresh);
}

}  // namespace

std::string row_id(const Signal& signal) {
  if (signal.kind == RowKind::feedback) return signal.execution_id + kIdSeparator + 'f' + signal.id;
  std::string hash;
  if (!signal.execution_id.empty()) hash = hex_of(hash64(signal.execution_id));
  return hash + kIdSeparator + 'i' + signal.id;
}

std::uint64_t execution_hash_of(std::string_view row_id) {
  const std::string_view digits = execution_id_of(row_id);
  std::uint64_t hash = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  return hash;
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
  set_actions(signals, rows.attributes);
}

}  // namespace vitals::model
