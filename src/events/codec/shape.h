#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.h"

namespace vitals::events {

/// The common form of texts of one length: literal bytes, and fields of up to 16 lower-case
/// hexadecimal digits. Its own bytes are a pattern in which a field's digits are 0x00.
class Shape {
 public:
  struct Field {
    std::size_t at;
    std::size_t digits;  ///< 1…16
  };

  /// Takes the shape of the texts; false when they have none with a digit in it.
  bool fit(std::span<const std::string_view> texts);
  static std::uint64_t number(std::string_view text, const Field& field);

  void write(std::string& out) const;
  bool read(ByteReader& in);

  std::size_t bytes() const { return pattern_.size(); }
  const std::vector<Field>& fields() const { return fields_; }

  /// Into texts that stand one after another, bytes() each.
  void write_literals(std::string& texts) const;
  /// False when a number has more digits than the field.
  bool write_field(const Field& field, std::span<const std::uint64_t> numbers,
                   std::string& texts) const;

 private:
  void find_fields();

  std::string pattern_;
  std::vector<Field> fields_;
};

}  // namespace vitals::events
