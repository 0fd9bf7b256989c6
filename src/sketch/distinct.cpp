#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>

#include <vitals/sketch/distinct.h>

#include "bytes.h"

namespace vitals::sketch {
namespace {

constexpr unsigned kIndexBits = 12;
static_assert(Distinct::kRegisters == 1U << kIndexBits);
constexpr unsigned kRankMax = 64 - kIndexBits + 1;

// A token keeps of a hash its first 26 bits and the number of zeros that follow them (0…38).
constexpr unsigned kTokenBits = 26;
constexpr unsigned kZerosBits = 6;
constexpr unsigned kZerosMax = 64 - kTokenBits;

/// A hash that has this token.
std::uint64_t hash_of(std::uint32_t token) {
  const unsigned zeros = token & ((1U << kZerosBits) - 1);
  const std::uint64_t head = static_cast<std::uint64_t>(token >> kZerosBits) << kZerosMax;
  return zeros == kZerosMax ? head : head | 1ULL << (kZerosMax - 1 - zeros);
}

void raise(std::vector<std::uint8_t>& registers, std::uint64_t hash) {
  const std::uint64_t rest = hash << kIndexBits;
  const unsigned rank = rest == 0 ? kRankMax : static_cast<unsigned>(std::countl_zero(rest)) + 1;
  std::uint8_t& top = registers[hash >> (64 - kIndexBits)];
  top = std::max(top, static_cast<std::uint8_t>(rank));
}

/// Σ x^(2^k)·2^(k-1) for k ≥ 1, plus x (Ertl 2017, equation 13).
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1, z = x, before = -1;
  while (z != before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

/// (1 - x - Σ (1 - x^(2^-k))²·2^-k) / 3 (Ertl 2017, equation 19).
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x, before = -1;
  while (z != before) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void Distinct::add(std::uint64_t hash) {
  if (!registers_.empty()) {
    raise(registers_, hash);
    return;
  }
  const std::uint32_t token = Distinct::token(hash);
  const auto at = std::lower_bound(few_.begin(), few_.end(), token);
  if (at != few_.end() && *at == token) return;
  few_.insert(at, token);
  if (few_.size() > kFewMax) leave_few();
}

std::uint32_t Distinct::token(std::uint64_t hash) {
  const auto zeros =
      std::min<unsigned>(kZerosMax, static_cast<unsigned>(std::countl_zero(hash << kTokenBits)));
  return static_cast<std::uint32_t>(hash >> (64 - kTokenBits)) << kZerosBits | zeros;
}

Distinct Distinct::of_tokens(std::vector<std::uint32_t> tokens) {
  Distinct sketch;
  sketch.few_ = std::move(tokens);
  if (sketch.few_.size() > kFewMax) sketch.leave_few();
  return sketch;
}

void Distinct::leave_few() {
  registers_.assign(kRegisters, 0);
  for (const std::uint32_t token : few_) raise(registers_, hash_of(token));
  std::vector<std::uint32_t>().swap(few_);
}

void Distinct::merge(const Distinct& other) {
  if (!other.registers_.empty()) {
    if (registers_.empty()) leave_few();
    for (std::size_t i = 0; i < kRegisters; ++i) {
      registers_[i] = std::max(registers_[i], other.registers_[i]);
    }
  } else if (!registers_.empty()) {
    for (const std::uint32_t token : other.few_) raise(registers_, hash_of(token));
  } else {
    std::vector<std::uint32_t> all;
    all.reserve(few_.size() + other.few_.size());
    std::set_union(few_.begin(), few_.end(), other.few_.begin(), other.few_.end(),
                   std::back_inserter(all));
    few_ = std::move(all);
    if (few_.size() > kFewMax) leave_few();
  }
}

double Distinct::estimate() const {
  if (registers_.empty()) return static_cast<double>(few_.size());
  std::array<std::uint32_t, kRankMax + 1> histogram{};
  for (const std::uint8_t rank : registers_) ++histogram[rank];
  constexpr double m = kRegisters;
  double z = m * tau(1 - histogram[kRankMax] / m);
  for (unsigned rank = kRankMax - 1; rank >= 1; --rank) z = 0.5 * (z + histogram[rank]);
  z += m * sigma(histogram[0] / m);
  return m * m / (2 * std::log(2.0) * z);
}

// Few: their number, then the tokens as differences. Many: kFewMax + 1, the lowest register, then
// the others above it in half a byte each; a half of 15 stands for 15 or more and takes a byte at
// the end.
void Distinct::encode(std::string& out) const {
  if (registers_.empty()) {
    append_varint(out, few_.size());
    std::uint32_t before = 0;
    for (const std::uint32_t token : few_) {
      append_varint(out, token - before);
      before = token;
    }
    return;
  }
  append_varint(out, kFewMax + 1);
  const std::uint8_t base = *std::min_element(registers_.begin(), registers_.end());
  out.push_back(static_cast<char>(base));
  const auto half = [&](std::size_t i) { return std::min(registers_[i] - base, 15); };
  for (std::size_t i = 0; i < kRegisters; i += 2) {
    out.push_back(static_cast<char>(half(i) | half(i + 1) << 4));
  }
  for (std::size_t i = 0; i < kRegisters; ++i) {
    if (half(i) == 15) out.push_back(static_cast<char>(registers_[i]));
  }
}

Result<Distinct> Distinct::decode(std::string_view& in) {
  const Error corrupt{Errc::corruption, "a distinct sketch is cut off or damaged"};
  Distinct sketch;
  std::uint64_t few = 0;
  if (!take_varint(in, few) || few > kFewMax + 1) return corrupt;
  if (few <= kFewMax) {
    std::uint64_t token = 0;
    for (std::uint64_t i = 0; i < few; ++i) {
      std::uint64_t distance = 0;
      if (!take_varint(in, distance) || distance > 0xffff'ffffULL - token) return corrupt;
      if (i != 0 && distance == 0) return corrupt;
      token += distance;
      if ((token & ((1U << kZerosBits) - 1)) > kZerosMax) return corrupt;
      sketch.few_.push_back(static_cast<std::uint32_t>(token));
    }
    return sketch;
  }
  std::uint8_t base = 0;
  if (!take_byte(in, base) || in.size() < kRegisters / 2) return corrupt;
  const std::string_view halves = in.substr(0, kRegisters / 2);
  in.remove_prefix(halves.size());
  sketch.registers_.resize(kRegisters);
  for (std::size_t i = 0; i < kRegisters; ++i) {
    const auto pair = static_cast<unsigned char>(halves[i / 2]);
    const unsigned half = i % 2 == 0 ? pair & 15U : pair >> 4U;
    unsigned rank = base + half;
    if (half == 15) {
      std::uint8_t high = 0;
      if (!take_byte(in, high) || high < rank) return corrupt;
      rank = high;
    }
    if (rank > kRankMax) return corrupt;
    sketch.registers_[i] = static_cast<std::uint8_t>(rank);
  }
  return sketch;
}

}  // namespace vitals::sketch
