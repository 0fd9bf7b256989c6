// The first byte chooses the framing, the rest is the body. Every item must be taken or refused,
// and every column must fit the batch; both ways of reading an event must agree.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <vitals/wire/json.h>

#include "support/same_event.h"

using namespace vitals;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

template <class Column>
bool fits(const Column& column, std::size_t rows) {
  return column.empty() || column.size() == rows;
}

void check(const wire::Decoded& decoded) {
  const model::ExecutionBatch& batch = decoded.batch;
  const std::size_t rows = batch.rows();
  require(batch.ids.size() == rows && batch.outcome.size() == rows);
  require(fits(batch.attributes.ends, rows));
  for (const auto& label : batch.labels) require(fits(label.codes, rows));
  for (const auto& number : batch.numbers) require(fits(number, rows));
  for (std::size_t row = 0; row < rows; ++row)
    require(!batch[model::Label::prompt].at(row).empty());
  require(!decoded.broken || (rows == 0 && decoded.rejected == 1));
  require(decoded.refusals.size() == std::min<std::size_t>(decoded.rejected, wire::kRefusalsMax));
  for (const wire::Refusal& refusal : decoded.refusals) require(!refusal.reason.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static wire::ExecutionDecoder decoder(UuidGenerator(1));
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  wire::TimeLimits limits;
  limits.now_ms = 1'790'000'000'000;
  check(
      decoder.decode(body, data[0] % 2 == 0 ? wire::Framing::json : wire::Framing::ndjson, limits));
  require(test::difference_between_readers(decoder, body, limits).empty());
  return 0;
}
