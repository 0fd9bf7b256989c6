#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/columns.h>
#include <vitals/model/fields.h>

namespace vitals::model {

/// yes, no, or not said.
enum class Tri : std::uint8_t { unknown = 0, no = 1, yes = 2 };

/// The four booleans of an execution, two bits each.
struct Outcome {
  Tri success = Tri::unknown;
  Tri detected = Tri::unknown;
  Tri recovered = Tri::unknown;
  Tri degraded = Tri::unknown;

  std::uint8_t packed() const {
    const auto bits = [](Tri tri, unsigned shift) { return static_cast<unsigned>(tri) << shift; };
    return static_cast<std::uint8_t>(bits(success, 0) | bits(detected, 2) | bits(recovered, 4) |
                                     bits(degraded, 6));
  }
  static Outcome unpack(std::uint8_t packed) {
    const auto tri = [packed](unsigned shift) { return static_cast<Tri>((packed >> shift) & 3U); };
    return {tri(0), tri(2), tri(4), tri(6)};
  }
};

/// What a row of a batch tells of.
enum class RowKind : std::uint8_t {
  execution,
  feedback,     ///< of people, given after the execution (Signal)
  interaction,  ///< what people did with the answer
  assessment,   ///< of its quality, by all evaluators together (Assessment)
};
inline constexpr RowKind kLastRowKind = RowKind::assessment;

/// Which columns of a batch are wanted; time and kinds always are.
struct ColumnSet {
  std::uint32_t labels = 0;   ///< bit index(Label)
  std::uint32_t numbers = 0;  ///< bit index(Number)
  bool ids = false;
  bool outcome = false;
  bool attributes = false;

  static ColumnSet all() { return {~0U, ~0U, true, true, true}; }
  void add(Label label) { labels |= 1U << index(label); }
  void add(Number number) { numbers |= 1U << index(number); }
  bool has(Label label) const { return ((labels >> index(label)) & 1U) != 0; }
  bool has(Number number) const { return ((numbers >> index(number)) & 1U) != 0; }
};

/// Executions as columns of equal length, in arrival order: the form in which events are decoded,
/// stored, aggregated and scanned. A label, number or attribute column without any value is empty,
/// so rare fields cost nothing. A plain value: immutable once shared between threads.
///
/// A row may also be what was heard of an execution later: it has the execution's outcome, labels
/// and attributes, so that it is found wherever that is, and numbers of its own. It is no
/// execution, and is not counted as one.
struct ExecutionBatch {
  std::vector<TimeMs> time_ms;
  std::vector<RowKind> kinds;  ///< empty when all rows are executions
  TextColumn ids;
  std::vector<std::uint8_t> outcome;  ///< Outcome::packed()
  std::array<SymbolColumn, kLabelCount> labels;
  std::array<std::vector<double>, kNumberCount> numbers;  ///< NaN is absent
  AttributeColumn attributes;

  std::size_t rows() const { return time_ms.size(); }
  RowKind kind(std::size_t row) const { return kinds.empty() ? RowKind::execution : kinds[row]; }
  bool is_execution(std::size_t row) const { return kind(row) == RowKind::execution; }
  bool empty() const { return time_ms.empty(); }

  const SymbolColumn& operator[](Label label) const { return labels[index(label)]; }
  SymbolColumn& operator[](Label label) { return labels[index(label)]; }
  double number(Number number, std::size_t row) const {
    const auto& column = numbers[index(number)];
    return column.empty() ? kAbsent : column[row];
  }
  Outcome outcome_at(std::size_t row) const { return Outcome::unpack(outcome[row]); }

  /// How many of the rows [begin, end) are no executions.
  std::size_t signals(std::size_t begin, std::size_t end) const;
  /// Rows that metrics count: all but interactions. Nothing when those are all of them.
  std::optional<std::vector<std::uint32_t>> measured_rows() const;

  /// Adds the given rows of another batch, translating its dictionary codes.
  void append(const ExecutionBatch& other, std::span<const std::uint32_t> rows);
  /// Adds all rows of another batch.
  void append(const ExecutionBatch& other);

  /// Bytes held, for the limits of queues.
  std::size_t memory_bytes() const;
};

}  // namespace vitals::model
