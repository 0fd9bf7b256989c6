#pragma once

#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>
#include <vitals/store/store.h>

#include "block_index.h"
#include "codec/block_codec.h"

namespace vitals::events {

/// Reads blocks of one snapshot by their index entries. Not thread-safe.
class BlockReader {
 public:
  BlockReader(const store::Snapshot& snapshot, store::Table blocks, NameSource& names)
      : snapshot_(snapshot), blocks_(blocks), names_(names) {}

  /// False when the block is not there. Errors name the block: corruption, or io when the store
  /// cannot read it.
  Result<bool> find(Position first, const model::ColumnSet& columns, Block& block,
                    const std::vector<model::Filter>& filters = {});

  /// The same, but what is not there is corruption, as is a block that its entry does not describe.
  Status read(const IndexEntry& entry, const model::ColumnSet& columns, Block& block,
              const std::vector<model::Filter>& filters = {});

 private:
  const store::Snapshot& snapshot_;
  store::Table blocks_;
  NameSource& names_;
  BlockDecoder decoder_;
};

}  // namespace vitals::events
