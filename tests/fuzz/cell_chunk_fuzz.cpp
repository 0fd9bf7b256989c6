// libFuzzer: a chunk of cells with any bytes behind a right checksum is refused or read within its
// bounds.
#include <cstddef>
#include <cstdint>
#include <string>

#include "series/cell_chunk.h"

using namespace vitals;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(data, data + size);
  series::seal_chunk(bytes);
  series::ColumnReader reader;
  const auto decoder = series::ChunkDecoder::open(bytes, metrics::Needs::everything(), reader);
  if (!decoder) return 0;
  metrics::Cell cell;
  for (std::size_t row = 0; row < decoder->cells(); ++row) {
    if (!decoder->read(row, cell)) break;
  }
  return 0;
}
