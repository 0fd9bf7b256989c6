#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/base/result.h>
#include <vitals/model/columns.h>
#include <vitals/store/store.h>

#include "codec/name_chunk.h"
#include "codec/names.h"

namespace vitals::events {

/// The names of one field in one epoch: number n at n - 1, "" where there is none.
using EpochNames = std::shared_ptr<const model::TextColumn>;

/// Names that were read lately, for all readers. What a number means never changes, so names of
/// any snapshot serve any other, as far as they go. Bounded. Thread-safe.
class NameCache {
 public:
  explicit NameCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Null when they are not here.
  EpochNames find(std::uint64_t epoch, model::Label field);
  void put(std::uint64_t epoch, model::Label field, EpochNames names);
  void forget(std::uint64_t epoch);

 private:
  struct Entry {
    std::uint64_t epoch;
    model::Label field;
    EpochNames names;
  };
  const std::size_t bytes_max_;
  Guarded<std::vector<Entry>> entries_;  // the one last used is last
};

/// Reads names of one snapshot, an epoch at a time and only when they are asked for. Not
/// thread-safe.
class NameReader final : public NameSource {
 public:
  NameReader(const store::Snapshot& snapshot, store::Table table, NameCache& cache)
      : snapshot_(snapshot), table_(table), cache_(cache) {}

  Status names(model::Label field, std::uint64_t epoch, std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override;

 private:
  struct Held {
    std::uint64_t epoch = 0;
    EpochNames names;          // null: none yet
    bool of_snapshot = false;  // all that the snapshot has
  };

  /// All names, or those after `known` (null: none), which were the first of them.
  Result<EpochNames> load(model::Label field, std::uint64_t epoch, const EpochNames& known);

  const store::Snapshot& snapshot_;
  const store::Table table_;
  NameCache& cache_;
  std::array<Held, model::kLabelCount> held_;
  NameChunkCodec codec_;
};

/// Keys of all names of a field in an epoch lie between these.
std::string names_begin(std::uint64_t epoch, model::Label field);
std::string names_end(std::uint64_t epoch, model::Label field);

}  // namespace vitals::events
