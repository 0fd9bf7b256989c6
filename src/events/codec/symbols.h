#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vitals/model/columns.h>

#include "integers.h"
#include "texts.h"

namespace vitals::events {

/// Dictionary codes renumbered from 1 in order of first appearance, and the texts in that order.
/// Where most rows bring a new text (sessions), a bit says so and the code is left out.
/// Not thread-safe.
class SymbolWriter {
 public:
  /// False when they are more than one block can hold.
  [[nodiscard]] bool write(const model::Dictionary& dictionary,
                           std::span<const std::uint32_t> codes, TextWriter& texts,
                           IntegerWriter& integers, StreamWriter& streams, std::string& out);

  /// The same for a list of pairs per row; `ends` are offsets into `codes`, the first row's list
  /// starts at `begin`.
  [[nodiscard]] bool write_lists(const model::Dictionary& dictionary,
                                 std::span<const std::uint32_t> codes,
                                 std::span<const std::uint32_t> ends, std::uint32_t begin,
                                 TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                                 std::string& out);

 private:
  /// Fills renumbered_ and order_.
  void renumber(const model::Dictionary& dictionary, std::span<const std::uint32_t> codes);
  bool write_texts(TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                   std::string& out);

  std::vector<std::uint32_t> new_code_;    // by old code
  std::vector<std::string_view> order_;    // texts by new code - 1
  std::vector<std::uint64_t> renumbered_;  // one per row
  std::vector<std::uint64_t> known_;
  std::vector<std::uint64_t> lane_;
  std::vector<std::uint8_t> new_bits_;
};

/// Both false when the bytes are damaged.
bool read_symbols(ByteReader& in, std::size_t rows, StreamReader& streams,
                  model::SymbolColumn& symbols);
bool read_lists(ByteReader& in, std::size_t rows, StreamReader& streams,
                model::AttributeColumn& lists);

}  // namespace vitals::events
