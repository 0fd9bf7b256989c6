#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "column.h"

namespace vitals::series {

/// Of one cell, by type.
using ErrorTypes = std::vector<std::pair<std::string, std::uint64_t>>;

/// Error types and their counts in many cells; each text is written once a chunk.
class ErrorTypeColumnWriter {
 public:
  void add(std::size_t row, const ErrorTypes& error_types);
  bool empty() const { return forms_.empty(); }
  std::size_t raw_bytes() const { return 8 * types_.size() + text_bytes_; }
  void write(ColumnWriter& writer, std::size_t rows, std::string& out);

 private:
  std::vector<std::uint64_t> forms_;  ///< per row: types in the cell
  std::vector<std::uint64_t> types_;  ///< numbers of texts
  std::vector<std::uint64_t> counts_;
  std::map<std::string, std::uint64_t, std::less<>> numbers_;
  std::vector<std::string> texts_;
  std::size_t text_bytes_ = 0;
};

/// The same, read back.
class ErrorTypeColumn {
 public:
  void read(ColumnReader& reader, ByteReader& in, std::size_t rows);
  ErrorTypes get(std::size_t row) const;

 private:
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint64_t> types_, counts_;
  std::vector<std::string> texts_;
};

}  // namespace vitals::series
