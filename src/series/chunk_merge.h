#pragma once

#include <span>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/store/store.h>

#include "chunk_directory.h"
#include "chunk_sink.h"

namespace vitals::series {

/// Merges runs of one span into one run of `target`, the same span or the one of coarser cells that
/// they add up to: what falls into one series and bucket becomes one cell. Holds one part of each
/// run in memory. Errors: corruption naming the chunk, io.
Result<std::vector<NewChunk>> merge_runs(const store::Snapshot& snapshot, const ChunkTables& tables,
                                         const Span& span, std::span<const Run> runs,
                                         const Span& target, const RunLabel& label,
                                         ColumnWriter& writer, ColumnReader& reader);

/// Which runs of a span are worth merging now, and what the result is to say of itself.
struct MergePlan {
  std::vector<Run> runs;  ///< empty: none
  std::uint8_t tier = 0;
  TimeMs written_ms = 0;  ///< of the newest: merging is no sign of life of a span
};

/// Size-tiered: eight runs of one tier make one of the next. A span that nothing is added to any
/// more gets its runs merged into one, unless they are a few of minutes.
MergePlan plan_merge(const Span& span, const std::vector<Run>& runs, TimeMs now);

/// Whether merge_runs() may take these runs all together: it would not hold too much in memory.
bool mergeable_at_once(const std::vector<Run>& runs);

/// One chunk, read and opened (see ChunkDecoder::open). Errors: corruption naming it, not_found.
Result<ChunkDecoder> open_chunk(const store::Snapshot& snapshot, const ChunkTables& tables,
                                const ChunkKey& key, const metrics::Needs& needs,
                                ColumnReader& reader,
                                std::shared_ptr<const ChunkKeys> keys = nullptr);

}  // namespace vitals::series
