#include "storage.h"

#include <limits>

#include "bytes.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kProgressVersion = 1;

}  // namespace

std::string encode_progress(const Progress& progress) {
  std::string bytes(1, static_cast<char>(kProgressVersion));
  put_varint(bytes, progress.watermark);
  put_varint(bytes, progress.overflow_events);
  return bytes;
}

Result<Progress> read_progress(const store::Snapshot& snapshot, store::Table state) {
  const auto bytes = snapshot.get(state, kProgressKey);
  if (!bytes) return bytes.error();
  if (!*bytes) return Progress{};
  ByteReader in(**bytes);
  const std::uint8_t version = in.byte();
  Progress progress;
  progress.watermark = in.varint();
  progress.overflow_events = in.varint();
  if (!in.ok() || !in.at_end() || version != kProgressVersion) {
    return Error{Errc::corruption, "the watermark of the cells is damaged"};
  }
  return progress;
}

TimeMs oldest_bucket(TimeMs now, DurationMs retention_ms) {
  constexpr TimeMs kBeginning = std::numeric_limits<TimeMs>::min();
  return now < 0 || retention_ms > std::numeric_limits<TimeMs>::max() - now ? kBeginning
                                                                            : now - retention_ms;
}

}  // namespace vitals::series
