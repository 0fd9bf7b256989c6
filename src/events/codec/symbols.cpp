#include "symbols.h"

#include <algorithm>
#include <utility>

#include "bitmap.h"

namespace vitals::events {
namespace {

constexpr std::uint8_t kCodes = 0;
constexpr std::uint8_t kNewOrCode = 1;
/// Of one block: different pairs, and pairs of all rows together.
constexpr std::uint64_t kDistinctPairsMax = 1ULL << 22U;
constexpr std::uint64_t kPairsMax = 1ULL << 24U;

bool read_dictionary(ByteReader& in, std::size_t texts_max, StreamReader& streams,
                     std::vector<std::uint64_t>& scratch, model::Dictionary& dictionary) {
  const std::uint64_t size = in.varint();
  if (!in.ok() || size > texts_max) return false;
  model::TextColumn texts;
  if (!read_texts(in, static_cast<std::size_t>(size), streams, scratch, texts)) return false;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts.at(i).empty()) return false;
  }
  dictionary = model::Dictionary(std::move(texts));
  return true;
}

bool to_codes(std::span<const std::uint64_t> numbers, std::size_t code_max, std::uint32_t* codes) {
  std::uint64_t max = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    max = std::max(max, numbers[i]);
    codes[i] = static_cast<std::uint32_t>(numbers[i]);
  }
  return max <= code_max;
}

bool read_new_or_code(ByteReader& in, std::size_t rows, StreamReader& streams,
                      std::vector<std::uint64_t>& scratch, std::size_t size,
                      std::vector<std::uint32_t>& codes) {
  std::vector<std::uint8_t> is_new;
  if (!read_bitmap(in, rows, streams, is_new) || count_bits(is_new) != size) return false;
  if (!read_integers(in, rows - size, streams, scratch)) return false;
  std::uint32_t next_new = 1;
  std::size_t next_known = 0;
  codes.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (get_bit(is_new, row)) {
      codes[row] = next_new++;
    } else {
      const std::uint64_t code = scratch[next_known++];
      if (code > size) return false;
      codes[row] = static_cast<std::uint32_t>(code);
    }
  }
  return true;
}

}  // namespace

void SymbolWriter::renumber(const model::Dictionary& dictionary,
                            std::span<const std::uint32_t> codes) {
  new_code_.assign(dictionary.size() + 1, 0);
  order_.clear();
  renumbered_.resize(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t code = codes[i];
    if (code != 0 && new_code_[code] == 0) {
      order_.push_back(dictionary.at(code));
      new_code_[code] = static_cast<std::uint32_t>(order_.size());
    }
    renumbered_[i] = new_code_[code];
  }
}

bool SymbolWriter::write_texts(TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                               std::string& out) {
  put_varint(out, order_.size());
  return texts.write(order_, integers, streams, out);
}

bool SymbolWriter::write(const model::Dictionary& dictionary, std::span<const std::uint32_t> codes,
                         TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                         std::string& out) {
  renumber(dictionary, codes);
  if (!write_texts(texts, integers, streams, out)) return false;
  if (order_.size() * 4 < codes.size()) {
    put_u8(out, kCodes);
    integers.write(renumbered_, streams, out);
    return true;
  }
  put_u8(out, kNewOrCode);
  new_bits_.assign(bitmap_bytes(codes.size()), 0);
  known_.clear();
  std::uint64_t newest = 0;
  for (std::size_t row = 0; row < renumbered_.size(); ++row) {
    if (renumbered_[row] > newest) {
      newest = renumbered_[row];
      set_bit(new_bits_, row);
    } else {
      known_.push_back(renumbered_[row]);
    }
  }
  streams.write(new_bits_, out);
  integers.write(known_, streams, out);
  return true;
}

bool SymbolWriter::write_lists(const model::Dictionary& dictionary,
                               std::span<const std::uint32_t> codes,
                               std::span<const std::uint32_t> ends, std::uint32_t begin,
                               TextWriter& texts, IntegerWriter& integers, StreamWriter& streams,
                               std::string& out) {
  renumber(dictionary, codes);
  if (codes.size() > kPairsMax || order_.size() > kDistinctPairsMax) return false;
  if (!write_texts(texts, integers, streams, out)) return false;
  lane_.clear();
  for (const std::uint32_t end : ends) {
    lane_.push_back(end - begin);
    begin = end;
  }
  integers.write(lane_, streams, out);
  const std::uint64_t length = lane_.empty() ? 0 : lane_.front();
  const bool even = std::all_of(lane_.begin(), lane_.end(),
                                [length](std::uint64_t other) { return other == length; });
  if (!even) {
    integers.write(renumbered_, streams, out);
    return true;
  }
  // Lists of one length are columns: each position tends to hold one key.
  for (std::uint64_t column = 0; column < length; ++column) {
    lane_.clear();
    for (std::size_t at = column; at < renumbered_.size(); at += length) {
      lane_.push_back(renumbered_[at]);
    }
    integers.write(lane_, streams, out);
  }
  return true;
}

bool read_symbols(ByteReader& in, std::size_t rows, StreamReader& streams,
                  model::SymbolColumn& symbols) {
  std::vector<std::uint64_t> scratch;
  if (!read_dictionary(in, rows, streams, scratch, symbols.dictionary)) return false;
  const std::size_t size = symbols.dictionary.size();
  switch (in.u8()) {
    case kCodes:
      if (!read_integers(in, rows, streams, scratch)) return false;
      symbols.codes.resize(rows);
      return to_codes(scratch, size, symbols.codes.data());
    case kNewOrCode:
      return read_new_or_code(in, rows, streams, scratch, size, symbols.codes);
    default:
      return false;
  }
}

bool read_lists(ByteReader& in, std::size_t rows, StreamReader& streams,
                model::AttributeColumn& lists) {
  std::vector<std::uint64_t> scratch;
  if (!read_dictionary(in, kDistinctPairsMax, streams, scratch, lists.pairs)) return false;
  if (!read_integers(in, rows, streams, scratch)) return false;
  std::uint64_t total = 0;
  const std::uint64_t length = scratch.empty() ? 0 : scratch.front();
  bool even = true;
  lists.ends.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (scratch[row] > kPairsMax || (total += scratch[row]) > kPairsMax) return false;
    even = even && scratch[row] == length;
    lists.ends[row] = static_cast<std::uint32_t>(total);
  }
  const std::size_t code_max = lists.pairs.size();
  lists.codes.resize(static_cast<std::size_t>(total));
  if (!even) {
    return read_integers(in, lists.codes.size(), streams, scratch) &&
           to_codes(scratch, code_max, lists.codes.data()) &&
           std::find(lists.codes.begin(), lists.codes.end(), 0U) == lists.codes.end();
  }
  for (std::uint64_t column = 0; column < length; ++column) {
    if (!read_integers(in, rows, streams, scratch)) return false;
    std::uint32_t* to = lists.codes.data() + column;
    bool wrong = false;
    for (const std::uint64_t code : scratch) {
      wrong = wrong || code - 1 >= code_max;  // 0 is none
      *to = static_cast<std::uint32_t>(code);
      to += length;
    }
    if (wrong) return false;
  }
  return true;
}

}  // namespace vitals::events
