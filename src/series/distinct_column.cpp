#include "distinct_column.h"

#include <algorithm>

namespace vitals::series {
namespace {

constexpr std::uint64_t kFewMax = sketch::Distinct::kFewMax;
constexpr std::uint64_t kDense = kFewMax + 1;
constexpr std::uint64_t kTokensMax = 4ULL << 20U;
constexpr std::uint64_t kDenseBytesMax = 16ULL << 20U;

}  // namespace

// docs/formats/sketches.md: a sketch is the number of its tokens and their differences, or a larger
// number and registers.
void DistinctColumnWriter::add(std::size_t row, const sketch::Distinct& sketch) {
  if (sketch.empty()) return;
  scratch_.clear();
  sketch.encode(scratch_);
  ByteReader in(scratch_);
  const std::uint64_t few = in.varint();
  forms_.resize(row, 0);
  if (few > kFewMax) {
    forms_.push_back(kDense);
    dense_ += scratch_;
    dense_sizes_.push_back(scratch_.size());
    return;
  }
  forms_.push_back(few);
  std::uint32_t token = 0;
  for (std::uint64_t i = 0; i < few; ++i) {
    token += static_cast<std::uint32_t>(in.varint());
    tokens_.push_back(token);
  }
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

  std::vector<std::uint64_t> steps;  // in the dictionary, ascending within a cell
  std::size_t at = 0;
  for (const std::uint64_t form : forms_) {
    if (form == kDense) continue;
    auto place = dictionary.begin();
    for (std::uint64_t i = 0; i < form; ++i, ++at) {
      const auto found = std::lower_bound(place, dictionary.end(), tokens_[at]);
      steps.push_back(static_cast<std::uint64_t>(found - place));
      place = found + 1;
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

bool DistinctColumn::get(std::size_t row, sketch::Distinct& out) const {
  if (forms_.empty() || forms_[row] == 0) return true;
  const std::uint32_t at = at_[row];
  std::string listed;
  std::string_view bytes;
  if (forms_[row] == kDense) {
    const std::uint64_t begin = at == 0 ? 0 : dense_ends_[at - 1];
    bytes = std::string_view(dense_).substr(begin, dense_ends_[at] - begin);
  } else {
    put_varint(listed, forms_[row]);
    for (std::uint64_t i = 0; i < forms_[row]; ++i) {
      put_varint(listed, tokens_[at + i] - (i == 0 ? 0 : tokens_[at + i - 1]));
    }
    bytes = listed;
  }
  Result<sketch::Distinct> decoded = sketch::Distinct::decode(bytes);
  if (!decoded) return false;
  out = std::move(*decoded);
  return true;
}

}  // namespace vitals::series
