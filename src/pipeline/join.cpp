#include "join.h"

#include <algorithm>
#include <map>
#include <utility>

namespace vitals::pipeline {
namespace {

using SignalPtrs = std::vector<const model::Signal*>;

/// What signals take over from their executions, and how these are scored.
model::ColumnSet columns_of_executions() {
  model::ColumnSet columns = model::ColumnSet::all();
  columns.numbers = 0;
  for (const model::Number number : model::kQuality) columns.add(number);
  return columns;
}

bool is_assessment(const model::Signal& signal) {
  return signal.kind == model::RowKind::assessment;
}

/// Rows that were found, by id.
class Found {
 public:
  explicit Found(const std::vector<std::string>& ids) : ids_(ids), at_(ids.size()) {}

  struct At {
    std::uint32_t row = 0;  ///< of rows()
    events::Position position = 0;
  };

  void add(const events::Block& block, std::span<const events::LogView::Hit> hits) {
    std::vector<std::uint32_t> rows;
    for (const events::LogView::Hit& hit : hits) {
      at_[hit.id] =
          At{static_cast<std::uint32_t>(rows_.rows() + rows.size()), block.position(hit.row)};
      rows.push_back(hit.row);
    }
    rows_.append(block.rows, rows);
  }

  const std::optional<At>& at(const std::string& id) const {
    return at_[static_cast<std::size_t>(std::lower_bound(ids_.begin(), ids_.end(), id) -
                                        ids_.begin())];
  }
  const model::ExecutionBatch& rows() const { return rows_; }

 private:
  const std::vector<std::string>& ids_;
  std::vector<std::optional<At>> at_;
  model::ExecutionBatch rows_;
};

struct Merged {
  std::uint32_t known = 0;     ///< said twice
  std::uint32_t too_many = 0;  ///< for their execution
};

/// Makes rows what these signals say of executions.
Merged set_assessments(const std::map<std::string_view, SignalPtrs>& by_execution,
                       std::string (*id_of)(std::string_view execution_id),
                       model::ExecutionBatch& rows) {
  Merged merged;
  std::vector<std::string> ids;
  std::vector<std::vector<model::Assessment>> all;
  for (const auto& [id, signals] : by_execution) {
    ids.push_back(id_of(id));
    std::vector<model::Assessment>& assessments = all.emplace_back();
    for (const model::Signal* signal : signals) {
      const auto done = model::assess(assessments, model::assessment_of(*signal));
      merged.known += done == model::Assessed::known ? 1 : 0;
      merged.too_many += done == model::Assessed::too_many ? 1 : 0;
    }
  }
  model::make_assessments(ids, std::move(all), rows);
  return merged;
}

void join_assessments(const std::map<std::string_view, SignalPtrs>& by_execution,
                      const Found& found, Joined& joined) {
  std::map<std::string_view, SignalPtrs> first;
  std::vector<std::uint32_t> executions;
  for (const auto& [execution_id, signals] : by_execution) {
    const std::string id(execution_id);
    const std::string row_id = model::assessments_id(id);
    const auto& execution = found.at(id);
    const std::string alone_id = model::lone_assessments_id(id);
    const auto& assessments = found.at(row_id);
    const auto& alone = found.at(alone_id);
    const auto revise = [&joined, &all = signals](const Found::At& at, const std::string& of) {
      Revision& revision = joined.revisions.emplace_back();
      revision.position = at.position;
      revision.row_id = of;
      for (const model::Signal* signal : all) revision.assessments.push_back(*signal);
    };
    if (assessments) {
      revise(*assessments, row_id);
    } else if (execution && !model::opinions_at(found.rows(), execution->row).empty()) {
      revise(*execution, id);
    } else if (!execution && alone) {
      revise(*alone, alone_id);
    } else if (execution) {
      first.emplace(execution_id, signals);
      executions.push_back(execution->row);
      for (const model::Signal* signal : signals) joined.scores.signals.push_back(*signal);
    } else {
      for (const model::Signal* signal : signals) joined.missing.push_back(*signal);
    }
  }
  std::sort(joined.revisions.begin(), joined.revisions.end(),
            [](const Revision& a, const Revision& b) { return a.position < b.position; });
  if (first.empty()) return;
  joined.scores.rows.append(found.rows(), executions);
  const Merged merged = set_assessments(first, model::assessments_id, joined.scores.rows);
  joined.known = merged.known;
  joined.too_many = merged.too_many;
}

}  // namespace

std::vector<std::string> ids_about(const std::vector<model::Signal>& signals) {
  std::vector<std::string> ids;
  ids.reserve(signals.size());
  for (const model::Signal& signal : signals) {
    if (signal.execution_id.empty()) continue;
    ids.push_back(signal.execution_id);
    if (!is_assessment(signal)) continue;
    ids.push_back(model::assessments_id(signal.execution_id));
    ids.push_back(model::lone_assessments_id(signal.execution_id));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::string too_many_evaluators() {
  return "at most " + std::to_string(model::kEvaluatorsMax) +
         " evaluators may assess one execution";
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

Result<Joined> join(const events::LogView& log, const std::vector<model::Signal>& signals,
                    const std::optional<std::vector<events::Lead>>& leads) {
  const std::vector<std::string> ids = ids_about(signals);
  const std::vector<std::string_view> wanted = views_of(ids);
  Found found(ids);
  const auto seen = [&found](const events::Block& block,
                             std::span<const events::LogView::Hit> hits) {
    found.add(block, hits);
  };
  const Status looked = leads ? log.locate(wanted, *leads, columns_of_executions(), seen)
                              : log.locate(wanted, std::numeric_limits<events::Position>::max(),
                                           columns_of_executions(), seen);
  if (!looked) return looked.error();

  Joined joined;
  std::vector<std::uint32_t> rows;
  SignalPtrs about;  // an execution that was found
  SignalPtrs free;   // about none
  std::map<std::string_view, SignalPtrs> assessments;
  for (const model::Signal& signal : signals) {
    if (signal.execution_id.empty()) {
      free.push_back(&signal);
    } else if (is_assessment(signal)) {
      assessments[signal.execution_id].push_back(&signal);
    } else if (const auto& execution = found.at(signal.execution_id)) {
      joined.rows.signals.push_back(signal);
      rows.push_back(execution->row);
      about.push_back(&signal);
    } else {
      joined.missing.push_back(signal);
    }
  }
  joined.rows.rows.append(found.rows(), rows);
  model::make_signals(about, joined.rows.rows);
  for (const model::Signal* signal : free) joined.rows.signals.push_back(*signal);
  std::vector<Timed> timed;
  for (const model::Signal* signal : free) timed.push_back({signal, signal->time_ms});
  joined.rows.rows.append(unjoined(timed));
  join_assessments(assessments, found, joined);
  return joined;
}

model::ExecutionBatch unjoined(const std::vector<Timed>& signals) {
  model::ExecutionBatch rows, scores;
  SignalPtrs others;
  std::map<std::string_view, SignalPtrs> assessments;
  std::map<std::string_view, TimeMs> assessed_ms;  // in the same order
  for (const auto& [signal, time_ms] : signals) {
    if (is_assessment(*signal)) {
      assessments[signal->execution_id].push_back(signal);
      assessed_ms.emplace(signal->execution_id, time_ms);
    } else {
      others.push_back(signal);
      rows.time_ms.push_back(time_ms);
    }
  }
  model::make_signals(others, rows);
  for (const auto& [id, time_ms] : assessed_ms) scores.time_ms.push_back(time_ms);
  set_assessments(assessments, model::lone_assessments_id, scores);
  rows.append(scores);
  return rows;
}

}  // namespace vitals::pipeline
