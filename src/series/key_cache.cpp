#include "key_cache.h"

namespace vitals::series {

KeyCache::Keys KeyCache::find(const ChunkKey& chunk) {
  const std::lock_guard lock(mutex_);
  const auto found = at_.find(chunk);
  if (found == at_.end()) return nullptr;
  used_.splice(used_.begin(), used_, found->second);
  return found->second->second;
}

void KeyCache::keep(const ChunkKey& chunk, const Keys& keys) {
  if (keys->bytes() > bytes_max_) return;
  const std::lock_guard lock(mutex_);
  if (at_.find(chunk) != at_.end()) return;
  used_.emplace_front(chunk, keys);
  at_.emplace(chunk, used_.begin());
  bytes_ += keys->bytes();
  while (bytes_ > bytes_max_) {
    bytes_ -= used_.back().second->bytes();
    at_.erase(used_.back().first);
    used_.pop_back();
  }
}

}  // namespace vitals::series
