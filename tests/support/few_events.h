#pragma once

#include <string>
#include <utility>
#include <vector>

#include <vitals/model/batch.h>

namespace vitals::test {

/// One execution as a test writes it; empty texts are absent.
struct FewEvent {
  TimeMs time_ms = 0;
  std::string prompt{};
  model::Tri success = model::Tri::yes;
  std::vector<std::pair<model::Number, double>> numbers{};
  std::string model{};
};

/// As a decoded request would be: columns without any value stay empty.
inline model::ExecutionBatch batch_of(const std::vector<FewEvent>& events) {
  model::ExecutionBatch batch;
  for (std::size_t row = 0; row < events.size(); ++row) {
    const FewEvent& event = events[row];
    batch.time_ms.push_back(event.time_ms);
    batch.ids.push_back(std::to_string(row));
    batch.outcome.push_back(model::Outcome{.success = event.success}.packed());
    for (const auto& [number, value] : event.numbers) {
      auto& column = batch.numbers[model::index(number)];
      column.resize(events.size(), model::kAbsent);
      column[row] = value;
    }
    for (const auto& [label, text] : {std::pair(model::Label::prompt, event.prompt),
                                      std::pair(model::Label::model, event.model)}) {
      if (text.empty()) continue;
      batch[label].codes.resize(events.size());
      batch[label].codes[row] = batch[label].dictionary.intern(text);
    }
  }
  return batch;
}

}  // namespace vitals::test
