#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "chunk_directory.h"

namespace vitals::series {

/// Keys of the chunks that queries read last, which most of them need and which take longer to
/// unpack than to look through. The number of a run is never given again while the daemon runs, so
/// what is kept stays true. Thread-safe.
class KeyCache {
 public:
  using Keys = std::shared_ptr<const ChunkKeys>;

  explicit KeyCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Null when they are not kept.
  Keys find(const ChunkKey& chunk);
  void keep(const ChunkKey& chunk, const Keys& keys);

 private:
  using Entry = std::pair<ChunkKey, Keys>;

  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::list<Entry> used_;  ///< latest first
  std::map<ChunkKey, std::list<Entry>::iterator> at_;
  std::size_t bytes_ = 0;
};

}  // namespace vitals::series
