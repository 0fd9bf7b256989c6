#pragma once

#include <initializer_list>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/metrics/measure.h>
#include <vitals/model/batch.h>

namespace vitals::metrics::test {

using model::ExecutionBatch;
using model::Label;
using model::Number;
using model::Outcome;
using model::Tri;

/// One execution as a test writes it.
struct Execution {
  Outcome outcome{};
  std::vector<std::pair<Number, double>> numbers{};
  std::vector<std::pair<Label, std::string>> labels{};
};

inline Execution succeeded(std::vector<std::pair<Number, double>> numbers = {}) {
  return {.outcome = {.success = Tri::yes}, .numbers = std::move(numbers)};
}
inline Execution failed(std::vector<std::pair<Number, double>> numbers = {}) {
  return {.outcome = {.success = Tri::no}, .numbers = std::move(numbers)};
}

/// Columns without any value stay empty, as in a decoded batch.
inline ExecutionBatch batch_of(const std::vector<Execution>& executions) {
  ExecutionBatch batch;
  for (std::size_t row = 0; row < executions.size(); ++row) {
    batch.time_ms.push_back(static_cast<TimeMs>(row));
    batch.ids.push_back(std::to_string(row));
    batch.outcome.push_back(executions[row].outcome.packed());
    for (const auto& [number, value] : executions[row].numbers) {
      auto& column = batch.numbers[model::index(number)];
      column.resize(executions.size(), model::kAbsent);
      column[row] = value;
    }
    for (const auto& [label, text] : executions[row].labels) {
      model::SymbolColumn& column = batch[label];
      column.codes.resize(executions.size());
      column.codes[row] = column.dictionary.intern(text);
    }
  }
  return batch;
}

inline std::vector<std::uint32_t> all_rows(const ExecutionBatch& batch) {
  std::vector<std::uint32_t> rows(batch.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

inline Cell cell_of(const std::vector<Execution>& executions,
                    const Needs& needs = Needs::everything(), const Options& options = {}) {
  const ExecutionBatch batch = batch_of(executions);
  Cell cell(needs);
  cell.add(MeasuredBatch(batch, options), all_rows(batch));
  return cell;
}

}  // namespace vitals::metrics::test
