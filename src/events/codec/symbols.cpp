#include "symbols.h"

#include <algorithm>
#include <utility>

#include "bitmap.h"

namespace vitals::events {
namespace {

constexpr std::uint8_t kCodes = 0;
constexpr std::uint8_t kNewOrCode = 1;
/// In the place of a form of texts.
constexpr std::uint8_t kNamesForm = 2;
/// Of one block: different pairs, and pairs of all rows together.
constexpr std::uint64_t kDistinctPairsMax = 1ULL << 22U;
constexpr std::uint64_t kPairsMax = 1ULL << 24U;

/// Reads the numbers of names, and the texts between them that have none.
bool read_named_texts(ByteReader& in, std::size_t n, StreamReader& streams, NameLookup& names,
                      std::vector<std::uint64_t>& scratch, model::TextColumn& texts) {
  in.u8();
  const std::uint64_t epoch = in.varint();
  std::vector<std::uint64_t> numbers;
  if (names.source == nullptr || !read_integers(in, n, streams, numbers)) return false;
  const auto unnamed = std::count(numbers.begin(), numbers.end(), std::uint64_t{0});
  model::TextColumn own;
  if (unnamed > 0 && !read_texts(in, static_cast<std::size_t>(unnamed), streams, scratch, own)) {
    return false;
  }
  std::vector<std::string_view> named;
  names.problem = names.source->names(names.field, epoch, numbers, named);
  if (!names.problem) return false;
  std::uint64_t total = own.bytes.size();
  for (std::size_t i = 0; i < n; ++i) total += numbers[i] == 0 ? 0 : named[i].size();
  if (total > kTextBytesMax) return false;
  texts.bytes.reserve(static_cast<std::size_t>(total));
  texts.ends.reserve(n);
  std::size_t next_own = 0;
  for (std::size_t i = 0; i < n; ++i) {
    texts.push_back(numbers[i] == 0 ? own.at(next_own++) : named[i]);
  }
  return true;
}

bool read_dictionary(ByteReader& in, std::size_t texts_max, StreamReader& streams,
                     NameLookup* names, std::vector<std::uint64_t>& scratch,
                     model::Dictionary& dictionary) {
  const std::uint64_t size = in.varint();
  if (!in.ok() || size > texts_max) return false;
  const auto n = static_cast<std::size_t>(size);
  model::TextColumn texts;
  const bool read = names != nullptr && in.next_is(kNamesForm)
                        ? read_named_texts(in, n, streams, *names, scratch, texts)
                        : read_texts(in, n, streams, scratch, texts);
  if (!read) return false;
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

void SymbolWriter::write_names(const NameNumbering& names, IntegerWriter& integers,
                               StreamWriter& streams, std::string& out) {
  names.giver->number(names.field, order_, lane_);
  if (std::all_of(lane_.begin(), lane_.end(), [](auto number) { return number == 0; })) return;
  put_u8(out, kNamesForm);
  put_varint(out, names.giver->epoch());
  integers.write(lane_, streams, out);
  std::size_t unnamed = 0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (lane_[i] == 0) order_[unnamed++] = order_[i];
  }
  order_.resize(unnamed);
}

bool SymbolWriter::write(const model::Dictionary& dictionary, std::span<const std::uint32_t> codes,
                         const NameNumbering* names, TextWriter& texts, IntegerWriter& integers,
                         StreamWriter& streams, std::string& out) {
  renumber(dictionary, codes);
  const std::size_t distinct = order_.size();
  put_varint(out, distinct);
  if (names != nullptr) write_names(*names, integers, streams, out);
  if (!order_.empty() && !texts.write(order_, integers, streams, out)) return false;
  if (distinct * 4 < codes.size()) {
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
  put_varint(out, order_.size());
  if (!texts.write(order_, integers, streams, out)) return false;
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

bool read_symbols(ByteReader& in, std::size_t rows, StreamReader& streams, NameLookup& names,
                  model::SymbolColumn& symbols) {
  std::vector<std::uint64_t> scratch;
  NameLookup* const lookup = has_names(names.field) ? &names : nullptr;
  if (!read_dictionary(in, rows, streams, lookup, scratch, symbols.dictionary)) return false;
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
  if (!read_dictionary(in, kDistinctPairsMax, streams, nullptr, scratch, lists.pairs)) return false;
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
