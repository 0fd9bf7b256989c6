#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vitals/model/columns.h>

#include "integers.h"
#include "names.h"
#include "texts.h"

namespace vitals::events {

/// Where a dictionary's names get numbers from.
struct NameNumbering {
  NameGiver* giver;
  model::Label field;
};

/// Where a dictionary's names are by number.
struct NameLookup {
  NameSource* source;  ///< null: nowhere
  model::Label field;
  Status problem;  ///< of the source
};

/// Dictionary codes renumbered from 1 in order of first appearance, and the texts in that order.
/// Where most rows bring a new text (sessions), a bit says so and the code is left out.
/// Not thread-safe.
class SymbolWriter {
 public:
  /// False when they are more than one block can hold. Texts that `names` (null: nothing) gives a
  /// number are written as that.
  [[nodiscard]] bool write(const model::Dictionary& dictionary,
                           std::span<const std::uint32_t> codes, const NameNumbering* names,
                           TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                           std::string& out);

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
  /// Puts their numbers in front of the texts that have none, which stay in order_.
  void write_names(const NameNumbering& names, IntegerWriter& integers, StreamWriter& streams,
                   std::string& out);

  std::vector<std::uint32_t> new_code_;    // by old code
  std::vector<std::string_view> order_;    // texts by new code - 1
  std::vector<std::uint64_t> renumbered_;  // one per row
  std::vector<std::uint64_t> known_;
  std::vector<std::uint64_t> lane_;
  std::vector<std::uint8_t> new_bits_;
};

/// Both false when the bytes are damaged, or when `names` has a problem.
bool read_symbols(ByteReader& in, std::size_t rows, StreamReader& streams, NameLookup& names,
                  model::SymbolColumn& symbols);
bool read_lists(ByteReader& in, std::size_t rows, StreamReader& streams,
                model::AttributeColumn& lists);

}  // namespace vitals::events
