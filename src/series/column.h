#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.h"

namespace vitals::series {

/// Writes columns of numbers as byte planes, each compressed on its own when that helps: first the
/// low bytes of all numbers, then the second ones … High planes are nearly constant, low ones
/// nearly random, and an entropy coder that sees them apart gets both right. Keeps a zstd context:
/// make one and use it for many columns. Not thread-safe.
class ColumnWriter {
 public:
  ColumnWriter();

  void integers(std::string& out, std::span<const std::uint64_t> column);
  /// The length is not written: the reader must know it.
  void block(std::string& out, std::string_view bytes);

  /// Numbers as integers of the fewest decimal places (at most `places_max`, beginning with
  /// `places`) that give all of them back: exactly when `tolerance` is 0, else within that share of
  /// each number. As doubles, cut to the tolerance, when there is no such scale.
  void decimals(std::string& out, std::span<const double> column, int places, int places_max,
                double tolerance);

 private:
  struct FreeContext {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, FreeContext> context_;
  std::string plane_;
  std::string packed_;
  std::vector<std::uint64_t> scaled_;
};

/// Integers as they were written: planes of bytes, from which single numbers are put together.
class PackedColumn {
 public:
  /// Whether every number is 0, so that callers may skip the column.
  bool zero() const { return width_ == 0; }
  std::size_t bytes() const { return planes_.size(); }
  std::uint64_t at(std::size_t i) const {
    std::uint64_t number = 0;
    for (unsigned plane = 0; plane < width_; ++plane) number |= byte(i, plane);
    return number;
  }
  /// Calls use(at) with a quicker at(), for going through many.
  template <class Use>
  void with(Use&& use) const {
    if (width_ == 0) return use([](std::size_t) { return std::uint64_t{0}; });
    if (width_ == 1) return use([this](std::size_t i) { return byte(i, 0); });
    if (width_ == 2) return use([this](std::size_t i) { return byte(i, 0) | byte(i, 1); });
    use([this](std::size_t i) { return at(i); });
  }

 private:
  friend class ColumnReader;
  std::uint64_t byte(std::size_t i, unsigned plane) const {
    return std::uint64_t{static_cast<unsigned char>(planes_[plane * size_ + i])} << (8 * plane);
  }

  unsigned width_ = 0;
  std::size_t size_ = 0;
  std::string planes_;
};

/// The other direction. Errors show in the ByteReader; columns are then of any content but always
/// of the asked length.
class ColumnReader {
 public:
  void packed(ByteReader& in, std::size_t count, PackedColumn& out);
  void integers(ByteReader& in, std::size_t count, std::vector<std::uint64_t>& out);
  void block(ByteReader& in, std::size_t count, std::string& out);
  void decimals(ByteReader& in, std::size_t count, std::vector<double>& out);

 private:
  void block(ByteReader& in, std::size_t count, char* out);

  struct FreeContext {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, FreeContext> context_;  ///< made when first needed, as it is large
  PackedColumn packed_;
};

/// `number` as an integer of 10^-places, when that gives it back within `tolerance`.
bool to_decimal(double number, int places, double tolerance, std::int64_t& scaled);
double from_decimal(std::int64_t scaled, int places);

inline constexpr int kPlacesMax = 6;
inline constexpr std::uint8_t kNotDecimal = 0xff;

}  // namespace vitals::series
