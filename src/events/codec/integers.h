#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bytes.h"
#include "streams.h"

namespace vitals::events {

/// Whole numbers, as values or as differences, less their minimum, split into planes of equally
/// significant bytes: what differs little ends in planes that compress to nothing. All arithmetic
/// is modulo 2^64, so every sequence round-trips. Not thread-safe.
class IntegerWriter {
 public:
  void write(std::span<const std::uint64_t> values, StreamWriter& streams, std::string& out);

 private:
  std::vector<std::uint64_t> residuals_;
  std::vector<std::uint8_t> plane_;
};

/// Reads `n` numbers that IntegerWriter wrote; false when they are damaged.
bool read_integers(ByteReader& in, std::size_t n, StreamReader& streams,
                   std::vector<std::uint64_t>& values);

}  // namespace vitals::events
