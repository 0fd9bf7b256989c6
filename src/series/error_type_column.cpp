#include "error_type_column.h"

namespace vitals::series {
namespace {

constexpr std::uint64_t kEntriesMax = 8ULL << 20U;
/// More than a chunk ever has: it is finished at 12 MiB, 64 cells later at most.
constexpr std::uint64_t kTextBytesMax = 16ULL << 20U;

}  // namespace

void ErrorTypeColumnWriter::add(std::size_t row, const ErrorTypes& error_types) {
  if (error_types.empty()) return;
  forms_.resize(row, 0);
  forms_.push_back(error_types.size());
  for (const auto& [type, count] : error_types) {
    auto known = numbers_.find(type);
    if (known == numbers_.end()) {
      known = numbers_.emplace(type, texts_.size()).first;
      texts_.push_back(type);
      text_bytes_ += type.size();
    }
    types_.push_back(known->second);
    counts_.push_back(count);
  }
}

void ErrorTypeColumnWriter::write(ColumnWriter& writer, std::size_t rows, std::string& out) {
  forms_.resize(rows, 0);
  writer.integers(out, forms_);
  put_varint(out, texts_.size());
  std::vector<std::uint64_t> sizes;
  std::string bytes;
  for (const std::string& text : texts_) {
    sizes.push_back(text.size());
    bytes += text;
  }
  writer.integers(out, sizes);
  writer.block(out, bytes);
  writer.integers(out, types_);
  writer.integers(out, counts_);
}

void ErrorTypeColumn::read(ColumnReader& reader, ByteReader& in, std::size_t rows) {
  std::vector<std::uint64_t> forms;
  reader.integers(in, rows, forms);
  ends_.clear();
  texts_.clear();
  std::uint64_t entries = 0;
  for (const std::uint64_t form : forms) {
    if (form > kEntriesMax - entries) return in.fail();
    entries += form;
    ends_.push_back(static_cast<std::uint32_t>(entries));
  }
  const std::uint64_t texts = in.varint();
  if (texts > entries) return in.fail();
  std::vector<std::uint64_t> sizes;
  reader.integers(in, texts, sizes);
  std::uint64_t total = 0;
  for (const std::uint64_t size : sizes) {
    if (size > kTextBytesMax - total) return in.fail();
    total += size;
  }
  std::string bytes;
  reader.block(in, total, bytes);
  std::size_t begin = 0;
  for (const std::uint64_t size : sizes) {
    texts_.push_back(bytes.substr(begin, size));
    begin += size;
  }
  reader.integers(in, entries, types_);
  reader.integers(in, entries, counts_);
  for (const std::uint64_t type : types_) {
    if (type >= texts) return in.fail();
  }
}

ErrorTypes ErrorTypeColumn::get(std::size_t row) const {
  ErrorTypes found;
  if (ends_.empty()) return found;
  for (std::size_t i = row == 0 ? 0 : ends_[row - 1]; i < ends_[row]; ++i) {
    found.emplace_back(texts_[types_[i]], counts_[i]);
  }
  return found;
}

}  // namespace vitals::series
