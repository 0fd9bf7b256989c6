#include "progress.h"

#include <vitals/store/keys.h>

namespace vitals::evaluate {
namespace {
constexpr char kFormat = 1;
constexpr std::size_t kBytes = 21;
}  // namespace

std::string encode(const Progress& progress) {
  std::string bytes(1, kFormat);
  store::put_u64(bytes, progress.position);
  store::put_u64(bytes, progress.hour);
  store::put_u32(bytes, progress.requests);
  return bytes;
}

Result<Progress> decode_progress(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kFormat) {
    return Error{Errc::corruption, "the position of an evaluator is of an unknown format"};
  }
  if (bytes.size() != kBytes) {
    return Error{Errc::corruption, "the position of an evaluator is damaged"};
  }
  return Progress{store::get_u64(bytes, 1), store::get_u64(bytes, 9), store::get_u32(bytes, 17)};
}

}  // namespace vitals::evaluate
