#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/batch.h>
#include <vitals/series/series_index.h>
#include <vitals/store/store.h>

namespace vitals::series {

/// Numbers the label combinations of executions. Ids are given once and kept: rows of new ones go
/// into the commit of the cells that use them. Maintenance thread.
class SeriesTable {
 public:
  SeriesTable(store::Table table, std::vector<std::string> dimensions, std::uint32_t series_max);

  /// Reads the saved rows. Errors: corruption.
  Status load(const store::Snapshot& snapshot);

  /// The series of every row. Combinations that are new once the limit is reached get
  /// kOverflowSeries.
  std::vector<SeriesId> assign(const model::ExecutionBatch& batch);

  /// Adds the rows of series that are not saved yet; call saved() once they are.
  void save(store::WriteBatch& changes) const;
  void saved() { saved_ = index_->size(); }

  /// What readers should have before the commit. Unchanged while no series is new.
  std::shared_ptr<const SeriesIndex> index() const { return index_; }

 private:
  SeriesId find_or_add(const std::vector<std::string_view>& values);

  store::Table table_;
  std::uint32_t series_max_;
  std::shared_ptr<const SeriesIndex> index_;
  std::shared_ptr<SeriesIndex> growing_;  ///< index_ while assign() adds to it
  std::unordered_map<std::string, SeriesId> ids_;
  std::size_t saved_ = 1;
  std::string key_;
};

}  // namespace vitals::series
