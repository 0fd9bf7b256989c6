#include "distinct_column.h"

#include <algorithm>
#include <bit>

namespace vitals::series {
namespace {

constexpr std::uint64_t kFewMax = sketch::Distinct::kFewMax;
constexpr std::uint64_t kDense = kFewMax + 1;
constexpr std::uint64_t kTokensMax = 4ULL << 20U;
constexpr std::uint64_t kDenseBytesMax = 16ULL << 20U;

/// Finds tokens of a sorted dictionary. They are spread evenly, so their leading bits nearly say
/// where they are.
class PlaceTable {
 public:
  explicit PlaceTable(const std::vector<std::uint32_t>& dictionary)
      : dictionary_(dictionary),
        shift_(32U - static_cast<unsigned>(std::bit_width(dictionary.size() | 1U))),
        begins_(1ULL << (32U - shift_), 0) {
    for (std::size_t i = dictionary.size(); i-- > 0;) {
      begins_[dictionary[i] >> shift_] = static_cast<std::uint32_t>(i);
    }
  }
  /// `token` is in the dictionary.
  std::size_t of(std::uint32_t token) const {
    std::size_t place = begins_[token >> shift_];
    while (dictionary_[place] != token) ++place;
    return place;
  }

 private:
  const std::vector<std::uint32_t>& dictionary_;
  unsigned shift_;
  std::vector<std::uint32_t> begins_;
};

}  // namespace

// docs/formats/sketches.md: a sketch is the number of its tokens and their differences, or a larger
// number and registers.
void DistinctColumnWriter::add(std::size_t row, const sketch::Distinct& sketch) {
  if (sketch.empty()) return;
  scratch_.clear();
  sketch.encode(scratch_);
  ByteReader in(scratch_);
  const std::uint64_t few = in.varint();
  if (few > kFewMax) return add_dense(row, scratch_);
  listed_.clear();
  std::uint32_t token = 0;
  for (std::uint64_t i = 0; i < few; ++i) {
    token += static_cast<std::uint32_t>(in.varint());
    listed_.push_back(token);
  }
  add_tokens(row, listed_);
}

void DistinctColumnWriter::add_tokens(std::size_t row, std::span<const std::uint32_t> tokens) {
  if (tokens.empty()) return;
  if (tokens.size() > kFewMax) {
    scratch_.clear();
    sketch::Distinct::of_tokens({tokens.begin(), tokens.end()}).encode(scratch_);
    return add_dense(row, scratch_);
  }
  forms_.resize(row, 0);
  forms_.push_back(tokens.size());
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
}

void DistinctColumnWriter::add_dense(std::size_t row, std::string_view encoded) {
  forms_.resize(row, 0);
  forms_.push_back(kDense);
  dense_ += encoded;
  dense_sizes_.push_back(encoded.size());
}

void DistinctColumnWriter::write(ColumnWriter& writer, std::size_t rows, std::string& out) {
  forms_.resize(rows, 0);
  std::vector<std::uint32_t> dictionary(tokens_);
  std::sort(dictionary.begin(), dictionary.end());
  dictionary.erase(std::unique(dictionary.begin(), dictionary.end()), dictionary.end());

  std::vector<std::uint64_t> differences;
  std::uint32_t before = 0;
  for (const std::uint32_t token : dictionary) {
    differences.push_back(token - before);
    before = token;
  }
  writer.integers(out, forms_);
  put_varint(out, dictionary.size());
  writer.integers(out, differences);

  const PlaceTable places(dictionary);
  std::vector<std::uint64_t> steps;  // in the dictionary, ascending within a cell
  steps.reserve(tokens_.size());
  std::size_t at = 0;
  for (const std::uint64_t form : forms_) {
    if (form == kDense) continue;
    std::size_t next = 0;
    for (std::uint64_t i = 0; i < form; ++i, ++at) {
      const std::size_t place = places.of(tokens_[at]);
      steps.push_back(place - next);
      next = place + 1;
    }
  }
  writer.integers(out, steps);
  writer.integers(out, dense_sizes_);
  writer.block(out, dense_);
}

void DistinctColumn::read(ColumnReader& reader, ByteReader& in, std::size_t rows) {
  reader.integers(in, rows, forms_);
  at_.assign(rows, 0);
  std::uint64_t tokens = 0;
  std::uint32_t dense = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (forms_[row] > kDense) return in.fail();
    at_[row] = forms_[row] == kDense ? dense++ : static_cast<std::uint32_t>(tokens);
    if (forms_[row] != kDense) tokens += forms_[row];
  }
  const std::uint64_t size = in.varint();
  if (size > tokens || tokens > kTokensMax) return in.fail();
  std::vector<std::uint64_t> dictionary, steps;
  reader.integers(in, size, dictionary);
  for (std::size_t i = 1; i < size; ++i) dictionary[i] += dictionary[i - 1];
  reader.integers(in, tokens, steps);
  tokens_.resize(tokens);
  std::size_t at = 0;
  for (const std::uint64_t form : forms_) {
    if (form == kDense) continue;
    std::uint64_t place = 0;
    for (std::uint64_t i = 0; i < form; ++i, ++at, ++place) {
      place += steps[at];
      if (place >= size) return in.fail();
      tokens_[at] = static_cast<std::uint32_t>(dictionary[place]);
    }
  }
  reader.integers(in, dense, dense_ends_);
  std::uint64_t end = 0;
  for (std::uint64_t& bytes : dense_ends_) {
    if (bytes > kDenseBytesMax - end) return in.fail();
    end += bytes;
    bytes = end;
  }
  reader.block(in, end, dense_);
}

bool DistinctColumn::merge(std::size_t row, sketch::Distinct& into) const {
  if (forms_.empty() || forms_[row] == 0) return true;
  const std::uint32_t at = at_[row];
  std::string listed;
  std::string_view bytes;
  if (forms_[row] == kDense) {
    bytes = dense(at);
  } else {
    put_varint(listed, forms_[row]);
    for (std::uint64_t i = 0; i < forms_[row]; ++i) {
      put_varint(listed, tokens_[at + i] - (i == 0 ? 0 : tokens_[at + i - 1]));
    }
    bytes = listed;
  }
  Result<sketch::Distinct> decoded = sketch::Distinct::decode(bytes);
  if (!decoded) return false;
  into.merge(*decoded);
  return true;
}

void DistinctColumn::copy(std::size_t row, DistinctColumnWriter& to, std::size_t to_row) const {
  if (forms_.empty() || forms_[row] == 0) return;
  if (forms_[row] == kDense) {
    to.add_dense(to_row, dense(at_[row]));
  } else {
    to.add_tokens(to_row, std::span(tokens_).subspan(at_[row], forms_[row]));
  }
}

}  // namespace vitals::series
