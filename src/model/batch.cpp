#include <algorithm>
#include <numeric>

#include <vitals/model/batch.h>

namespace vitals::model {
namespace {

/// Translates codes of one dictionary into another's, each text once.
class Translation {
 public:
  Translation(const Dictionary& from, Dictionary& to) : from_(from), to_(to) {
    known_.assign(from.size() + 1, Dictionary::kAbsentCode);
  }

  std::uint32_t operator()(std::uint32_t code) {
    if (code == Dictionary::kAbsentCode) return code;
    std::uint32_t& translated = known_[code];
    if (translated == Dictionary::kAbsentCode) translated = to_.intern(from_.at(code));
    return translated;
  }

 private:
  const Dictionary& from_;
  Dictionary& to_;
  std::vector<std::uint32_t> known_;
};

void append_symbols(const SymbolColumn& from, std::span<const std::uint32_t> rows,
                    std::size_t before, SymbolColumn& to) {
  if (from.codes.empty()) {
    if (!to.codes.empty()) to.codes.resize(before + rows.size(), Dictionary::kAbsentCode);
    return;
  }
  to.codes.resize(before, Dictionary::kAbsentCode);
  Translation translate(from.dictionary, to.dictionary);
  for (const std::uint32_t row : rows) to.codes.push_back(translate(from.codes[row]));
}

void append_numbers(const std::vector<double>& from, std::span<const std::uint32_t> rows,
                    std::size_t before, std::vector<double>& to) {
  if (from.empty()) {
    if (!to.empty()) to.resize(before + rows.size(), kAbsent);
    return;
  }
  to.resize(before, kAbsent);
  for (const std::uint32_t row : rows) to.push_back(from[row]);
}

void append_attributes(const AttributeColumn& from, std::span<const std::uint32_t> rows,
                       std::size_t before, AttributeColumn& to) {
  if (from.ends.empty() && to.ends.empty()) return;
  to.ends.resize(before, 0);
  Translation translate(from.pairs, to.pairs);
  for (const std::uint32_t row : rows) {
    for (const std::uint32_t code : from.at(row)) to.codes.push_back(translate(code));
    to.ends.push_back(static_cast<std::uint32_t>(to.codes.size()));
  }
}

}  // namespace

void ExecutionBatch::append(const ExecutionBatch& other, std::span<const std::uint32_t> rows) {
  const std::size_t before = this->rows();
  for (const std::uint32_t row : rows) time_ms.push_back(other.time_ms[row]);
  if (!kinds.empty() || !other.kinds.empty()) {
    kinds.resize(before, RowKind::execution);
    for (const std::uint32_t row : rows) {
      kinds.push_back(other.kinds.empty() ? RowKind::execution : other.kinds[row]);
    }
  }
  if (!other.ids.ends.empty()) {
    for (const std::uint32_t row : rows) ids.push_back(other.ids.at(row));
  }
  if (!other.outcome.empty()) {
    for (const std::uint32_t row : rows) outcome.push_back(other.outcome[row]);
  }
  for (std::size_t i = 0; i < kLabelCount; ++i) {
    append_symbols(other.labels[i], rows, before, labels[i]);
  }
  for (std::size_t i = 0; i < kNumberCount; ++i) {
    append_numbers(other.numbers[i], rows, before, numbers[i]);
  }
  append_attributes(other.attributes, rows, before, attributes);
}

std::size_t ExecutionBatch::signals(std::size_t begin, std::size_t end) const {
  if (kinds.empty()) return 0;
  const auto at = [this](std::size_t row) {
    return kinds.begin() + static_cast<std::ptrdiff_t>(row);
  };
  return end - begin - static_cast<std::size_t>(std::count(at(begin), at(end), RowKind::execution));
}

std::optional<std::vector<std::uint32_t>> ExecutionBatch::measured_rows() const {
  if (std::find(kinds.begin(), kinds.end(), RowKind::interaction) == kinds.end()) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < kinds.size(); ++row) {
    if (kinds[row] != RowKind::interaction) rows.push_back(row);
  }
  return rows;
}

void ExecutionBatch::append(const ExecutionBatch& other) {
  std::vector<std::uint32_t> all(other.rows());
  std::iota(all.begin(), all.end(), 0U);
  append(other, all);
}

std::size_t ExecutionBatch::memory_bytes() const {
  std::size_t bytes = sizeof *this + time_ms.capacity() * sizeof(TimeMs) + kinds.capacity() +
                      outcome.capacity() + ids.bytes.capacity() +
                      ids.ends.capacity() * sizeof(std::uint32_t);
  for (const SymbolColumn& column : labels) {
    bytes += column.dictionary.memory_bytes() + column.codes.capacity() * sizeof(std::uint32_t);
  }
  for (const auto& column : numbers) bytes += column.capacity() * sizeof(double);
  bytes += attributes.pairs.memory_bytes() +
           (attributes.codes.capacity() + attributes.ends.capacity()) * sizeof(std::uint32_t);
  return bytes;
}

}  // namespace vitals::model
