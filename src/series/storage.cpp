#include "storage.h"

#include "bytes.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kProgressVersion = 2;  // 1 had no kept_since

}  // namespace

std::string encode_progress(const Progress& progress) {
  std::string bytes(1, static_cast<char>(kProgressVersion));
  put_varint(bytes, progress.watermark);
  put_varint(bytes, progress.overflow_events);
  for (const TimeMs time : progress.kept_since) put_varint(bytes, zigzag(time));
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
  if (version == kProgressVersion) {
    for (TimeMs& time : progress.kept_since) time = unzigzag(in.varint());
  }
  if (!in.ok() || !in.at_end() || version == 0 || version > kProgressVersion) {
    return Error{Errc::corruption, "the watermark of the cells is damaged"};
  }
  return progress;
}

TimeMs oldest_bucket(TimeMs now, DurationMs retention_ms) {
  return now < 0 || retention_ms > std::numeric_limits<TimeMs>::max() - now ? kBeginning
                                                                            : now - retention_ms;
}

}  // namespace vitals::series
