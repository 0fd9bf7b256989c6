// Any bytes at all must decode to an error or to a sound block. The first byte chooses: raw bytes,
// or a payload behind right checksums, which is how the columns' decoders are reached.
#include <cstddef>
#include <cstdint>

#include "events/codec/block_codec.h"
#include "events/codec/block_layout.h"

namespace {

/// Knows the numbers below 100.
struct FewNames final : vitals::events::NameSource {
  vitals::Status names(vitals::model::Label /*field*/, std::uint64_t /*epoch*/,
                       std::span<const std::uint64_t> numbers,
                       std::vector<std::string_view>& texts) override {
    texts.assign(numbers.size(), "name");
    for (const std::uint64_t number : numbers) {
      if (number >= 100) return vitals::Error{vitals::Errc::corruption, "no such name"};
    }
    return {};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vitals;
  if (size < 3) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const unsigned choice = data[0];
  bytes.remove_prefix(1);
  std::string block(bytes);
  if (choice % 4 != 0) {
    events::BlockLayout layout;
    layout.version = events::kVersion;
    layout.rows = 1 + static_cast<unsigned char>(bytes[0]);
    layout.sections.push_back({events::kTimeTag, std::string_view("\0\0", 2), 0});
    layout.sections.push_back({static_cast<std::uint8_t>(bytes[1]), bytes.substr(2), 0});
    block = layout.write();
  }
  events::BlockDecoder decoder;
  events::Block out;
  model::ColumnSet columns = model::ColumnSet::all();
  columns.ids = choice % 8 >= 4;
  FewNames names;
  std::vector<model::Filter> filters;
  if (choice % 16 >= 8) filters.push_back({"prompt", true, {"x"}});
  if (!decoder.decode(block, columns, out, filters, &names)) return 0;
  std::size_t sum = 0;
  for (std::size_t row = 0; row < out.rows.rows(); ++row) {
    if (out.rows.ids.size() > 0) sum += out.rows.ids.at(row).size();
    for (const auto& label : out.rows.labels) sum += label.at(row).size();
    for (const std::uint32_t pair : out.rows.attributes.at(row)) {
      sum += out.rows.attributes.pairs.at(pair).size();
    }
  }
  return sum == SIZE_MAX ? 1 : 0;
}
