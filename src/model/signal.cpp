#include <vitals/model/signal.h>

namespace vitals::model {
namespace {

void set_label(SymbolColumn& column, std::size_t rows, std::size_t row, const std::string& text) {
  if (text.empty()) return;
  column.codes.resize(rows, Dictionary::kAbsentCode);
  column.codes[row] = column.dictionary.intern(text);
}

/// Gives interactions the attribute of what they are, beside those that they have.
void add_actions(const std::vector<const Signal*>& signals, AttributeColumn& attributes) {
  AttributeColumn more;
  more.pairs = std::move(attributes.pairs);
  for (std::size_t row = 0; row < signals.size(); ++row) {
    const auto had = attributes.at(row);
    more.codes.insert(more.codes.end(), had.begin(), had.end());
    if (signals[row]->kind == RowKind::interaction) {
      more.codes.push_back(
          more.pairs.intern(std::string(kActionKey) + '\0' + signals[row]->action));
    }
    more.ends.push_back(static_cast<std::uint32_t>(more.codes.size()));
  }
  if (!more.codes.empty()) attributes = std::move(more);
}

}  // namespace

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
    if (signal.kind == RowKind::interaction) rows.time_ms[row] = signal.time_ms;
    set_label(rows[Label::user], count, row, signal.user);
    set_label(rows[Label::session], count, row, signal.session);
    for (const auto& [number, value] : signal.numbers) {
      auto& column = rows.numbers[index(number)];
      column.resize(count, kAbsent);
      column[row] = value;
    }
  }
  add_actions(signals, rows.attributes);
}

}  // namespace vitals::model
