#include "column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <zstd.h>

namespace vitals::series {
namespace {

enum class BlockForm : std::uint8_t { plain, constant, zstd };

constexpr int kLevel = 1;
constexpr std::size_t kCompressMin = 64;  // shorter ones hardly shrink
constexpr double kScaledMax = 9'007'199'254'740'992.0;

constexpr std::array<double, 2 * kPlacesMax + 1> kPowers{1,   1e1, 1e2, 1e3,  1e4,  1e5, 1e6,
                                                         1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

ZSTD_CCtx* compressor(void* context) { return static_cast<ZSTD_CCtx*>(context); }
ZSTD_DCtx* decompressor(void* context) { return static_cast<ZSTD_DCtx*>(context); }

bool is_constant(std::string_view bytes) {
  return bytes.find_first_not_of(bytes[0]) == std::string_view::npos;
}

}  // namespace

bool to_decimal(double number, int places, double tolerance, std::int64_t& scaled) {
  const double power = kPowers[static_cast<std::size_t>(places)];
  const double product = number * power;
  if (!(std::abs(product) < kScaledMax)) return false;  // also when not a number
  // Rounds without a call to libm; from 2^52 on there is nothing to round.
  const double half = std::abs(product) < kScaledMax / 2 ? std::copysign(0.5, product) : 0;
  scaled = static_cast<std::int64_t>(product + half);
  const auto whole = static_cast<double>(scaled);
  return std::abs(whole / power - number) <= tolerance * std::abs(number);
}

namespace {

/// The low bits of a mantissa that say less than `tolerance`; no more than leave 16.
std::uint64_t idle_bits(double tolerance) {
  if (tolerance <= 0) return 0;
  const int needed = std::max(16, static_cast<int>(std::ceil(-std::log2(tolerance))));
  return needed >= 52 ? 0 : (1ULL << static_cast<unsigned>(52 - needed)) - 1;
}

}  // namespace

double from_decimal(std::int64_t scaled, int places) {
  return static_cast<double>(scaled) / kPowers[static_cast<std::size_t>(places)];
}

void ColumnWriter::FreeContext::operator()(void* context) const {
  ZSTD_freeCCtx(compressor(context));
}
void ColumnReader::FreeContext::operator()(void* context) const {
  ZSTD_freeDCtx(decompressor(context));
}

ColumnWriter::ColumnWriter() : context_(ZSTD_createCCtx()) {}

void ColumnWriter::block(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;
  if (bytes.size() > 1 && is_constant(bytes)) {
    out += static_cast<char>(BlockForm::constant);
    out += bytes[0];
    return;
  }
  if (bytes.size() >= kCompressMin) {
    const std::size_t bound = ZSTD_compressBound(bytes.size());
    if (packed_.size() < bound) packed_.resize(bound);
    const std::size_t size = ZSTD_compressCCtx(compressor(context_.get()), packed_.data(),
                                               packed_.size(), bytes.data(), bytes.size(), kLevel);
    if (ZSTD_isError(size) == 0 && size + 4 < bytes.size()) {
      out += static_cast<char>(BlockForm::zstd);
      put_text(out, std::string_view(packed_).substr(0, size));
      return;
    }
  }
  out += static_cast<char>(BlockForm::plain);
  out.append(bytes);
}

void ColumnReader::block(ByteReader& in, std::size_t count, std::string& out) {
  out.resize(count);
  block(in, count, out.data());
}

void ColumnReader::block(ByteReader& in, std::size_t count, char* out) {
  if (count == 0) return;
  switch (static_cast<BlockForm>(in.byte())) {
    case BlockForm::plain: {
      const std::string_view bytes = in.take(count);
      std::copy(bytes.begin(), bytes.end(), out);
      return;
    }
    case BlockForm::constant:
      std::fill_n(out, count, static_cast<char>(in.byte()));
      return;
    case BlockForm::zstd: {
      const std::string_view packed = in.text();
      if (context_ == nullptr) context_.reset(ZSTD_createDCtx());
      const std::size_t size = ZSTD_decompressDCtx(decompressor(context_.get()), out, count,
                                                   packed.data(), packed.size());
      if (size != count) in.fail();
      return;
    }
  }
  in.fail();
}

void ColumnWriter::integers(std::string& out, std::span<const std::uint64_t> column) {
  std::uint64_t all = 0;
  for (const std::uint64_t number : column) all |= number;
  const auto width = static_cast<unsigned>((std::bit_width(all) + 7) / 8);
  out += static_cast<char>(width);
  plane_.resize(column.size());
  for (unsigned shift = 0; shift < 8 * width; shift += 8) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      plane_[i] = static_cast<char>(column[i] >> shift);
    }
    block(out, plane_);
  }
}

void ColumnReader::packed(ByteReader& in, std::size_t count, PackedColumn& out) {
  out.width_ = in.byte();
  out.size_ = count;
  if (out.width_ > 8) {
    in.fail();
    out.width_ = 0;
  }
  out.planes_.resize(out.width_ * count);
  for (unsigned plane = 0; plane < out.width_ && in.ok(); ++plane) {
    block(in, count, out.planes_.data() + plane * count);
  }
}

void ColumnReader::integers(ByteReader& in, std::size_t count, std::vector<std::uint64_t>& out) {
  packed(in, count, packed_);
  out.resize(count);
  packed_.with([&](auto at) {
    for (std::size_t i = 0; i < count; ++i) out[i] = at(i);
  });
}

void ColumnWriter::decimals(std::string& out, std::span<const double> column, int places,
                            int places_max, double tolerance) {
  scaled_.resize(column.size());
  std::int64_t low = 0;
  const auto fits = [&] {
    for (std::size_t i = 0; i < column.size(); ++i) {
      std::int64_t scaled = 0;
      if (!to_decimal(column[i], places, tolerance, scaled)) return false;
      low = i == 0 ? scaled : std::min(low, scaled);
      scaled_[i] = static_cast<std::uint64_t>(scaled);
    }
    return true;
  };
  while (places <= places_max && !fits()) ++places;
  if (places <= places_max) {
    out += static_cast<char>(places);
    put_varint(out, zigzag(low));
    for (std::uint64_t& number : scaled_) number -= static_cast<std::uint64_t>(low);
  } else {
    out += static_cast<char>(kNotDecimal);
    const std::uint64_t idle = idle_bits(tolerance);
    for (std::size_t i = 0; i < column.size(); ++i) {
      scaled_[i] = std::bit_cast<std::uint64_t>(column[i]) & ~idle;
    }
  }
  integers(out, scaled_);
}

void ColumnReader::decimals(ByteReader& in, std::size_t count, std::vector<double>& out) {
  out.resize(count);
  const std::uint8_t places = in.byte();
  if (places == kNotDecimal) {
    packed(in, count, packed_);
    return packed_.with([&](auto at) {
      for (std::size_t i = 0; i < count; ++i) out[i] = std::bit_cast<double>(at(i));
    });
  }
  if (places >= kPowers.size()) return in.fail();
  const auto low = static_cast<std::uint64_t>(unzigzag(in.varint()));
  packed(in, count, packed_);
  const double power = kPowers[places];
  packed_.with([&](auto at) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = static_cast<double>(static_cast<std::int64_t>(low + at(i))) / power;
    }
  });
}

}  // namespace vitals::series
